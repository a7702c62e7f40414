import { VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import type { Ingest, LiveEntry } from '../../shared/model/entry.ts';
import { useEndBroadcast } from '../api/entryQueries.ts';
import { BackLink } from '../ui/BackLink.tsx';
import { confirm } from '../ui/confirm.tsx';
import { notifyProblem } from '../ui/notify.ts';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { StateBadge } from '../ui/StateBadge.tsx';
import { WatchLinkField } from '../ui/WatchLinkField.tsx';
import { AirControls } from './AirControls.tsx';
import { AirNotices } from './AirNotices.tsx';
import { AirPill } from './AirPill.tsx';
import { airAnnouncements, airState, startObstacle } from './airState.ts';
import { AirStats } from './AirStats.tsx';
import { CaptureProblemNotice } from './capture/CaptureProblemNotice.tsx';
import { DevicePickers } from './capture/DevicePickers.tsx';
import { PreviewVideo } from './capture/PreviewVideo.tsx';
import { useCapture } from './capture/useCapture.ts';
import classes from './GoLivePage.module.css';
import { usePublisher } from './publish/usePublisher.ts';
import { useLeaveGuard } from './useLeaveGuard.ts';
import { useWakeLock } from './useWakeLock.ts';

/** Camera and microphone on the right, the picture and the big button on the left. */
export function Studio({ entry, ingest }: { entry: LiveEntry; ingest: Ingest }) {
  const { capture, captured } = useCapture();
  const { publisher, state: publish } = usePublisher(entry.id, ingest.whipToken, captured);
  const endBroadcast = useEndBroadcast(entry.id);
  const [endedAfterMs, setEndedAfterMs] = useState<number | null>(null);

  const air = airState(publish, entry.state);
  const sending = air !== 'off' && air !== 'failed';

  const goLive = () => {
    setEndedAfterMs(null);
    publisher.start();
  };
  const end = async () => {
    const sinceMs = 'sinceMs' in publish ? publish.sinceMs : null;
    const told = publisher.stop();
    setEndedAfterMs(sinceMs === null ? null : Date.now() - sinceMs);
    await told;
    try {
      await endBroadcast.mutateAsync(undefined);
    } catch (error) {
      notifyProblem('You are off air, but the server still waits for you to return', error);
    }
  };
  const askToEnd = async () => {
    // Nobody has seen anything yet: nothing to ask.
    if (publish.phase === 'connecting') return publisher.stop();
    const sure = await confirm({
      title: 'End the broadcast?',
      body: 'Viewers see that it has ended. The same link goes live again with your next broadcast.',
      action: 'End broadcast',
      cancel: 'Stay on air',
      destructive: true,
    });
    if (sure) await end();
  };
  useLeaveGuard(sending, end);
  useWakeLock(sending);

  return (
    <Page
      title={`Go live: ${entry.name}`}
      badge={<StateBadge state={entry.state} size="lg" />}
      above={<BackLink to={`/entries/${entry.id}`}>{entry.name}</BackLink>}
    >
      <VisuallyHidden component="output">{airAnnouncements[air]}</VisuallyHidden>
      <div className={classes.columns}>
        <div className={classes.column}>
          <PreviewVideo
            track={captured.video}
            mirrored={captured.source === 'camera'}
            cover={cover(captured.status, captured.hidden, sending)}
            overlay={<AirPill air={air} publish={publish} />}
          />
          <AirControls
            capture={capture}
            state={captured}
            air={air}
            obstacle={startObstacle(entry.state, Boolean(captured.video && captured.status === 'ready'))}
            onGoLive={goLive}
            onEnd={() => void askToEnd()}
          />
          <AirNotices entry={entry} publish={publish} endedAfterMs={endedAfterMs} ours={sending} />
          {captured.problem && <CaptureProblemNotice problem={captured.problem} onRetry={() => void capture.open()} />}
          {captured.changeProblem && <CaptureProblemNotice problem={captured.changeProblem} />}
        </div>
        <div className={classes.column}>
          {sending && <AirStats entryId={entry.id} publisher={publisher} publish={publish} />}
          <Section title="Camera and microphone">
            <DevicePickers capture={capture} state={captured} sizeLocked={sending} />
          </Section>
          <Section title="Share">
            <WatchLinkField url={entry.playback.watch} description="It can be sent out before you go live." />
          </Section>
        </div>
      </div>
    </Page>
  );
}

function cover(status: 'asking' | 'ready' | 'problem', hidden: boolean, sending: boolean) {
  if (status === 'asking') return 'Allow the camera and microphone when the browser asks.';
  if (status === 'problem') return 'No picture';
  if (hidden) return sending ? 'Your camera is hidden: viewers see black.' : 'Your camera is hidden.';
  return undefined;
}
