import type { VideoEntry } from '../../shared/model/entry.ts';
import { formatDuration } from './formatDuration.ts';
import classes from './StateBadge.module.css';

const labels: Record<VideoEntry['status'], string> = {
  recording: 'Recording',
  processing: 'Processing',
  ready: 'Ready',
  failed: 'Failed',
};

type Shown = Pick<VideoEntry, 'status' | 'progress' | 'durationMs'>;

/** The lamp and its word; it glows only while the video is being recorded. */
export function VideoBadge({ video, size = 'md' }: { video: Shown; size?: 'md' | 'lg' }) {
  return (
    <span className={classes.badge} data-state={video.status} data-size={size}>
      <span className={classes.lamp} aria-hidden="true" />
      <span className="tl-figures">{labels[video.status] + detailOf(video)}</span>
    </span>
  );
}

function detailOf({ status, progress, durationMs }: Shown): string {
  if (status === 'recording') return ` ${formatDuration(durationMs)}`;
  return status === 'processing' && progress !== null ? ` ${Math.floor(progress * 100)} %` : '';
}
