import { useEffect, useRef, type ReactNode } from 'react';
import classes from './PreviewVideo.module.css';

interface PreviewVideoProps {
  track: MediaStreamTrack | null;
  /** As in a mirror: what people expect of their own face, wrong for a screen. */
  mirrored: boolean;
  /** Over the picture, when there is none to see. */
  cover?: ReactNode;
  overlay?: ReactNode;
}

/** What is about to be sent, or is being sent. */
export function PreviewVideo({ track, mirrored, cover, overlay }: PreviewVideoProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    element.srcObject = track ? new MediaStream([track]) : null;
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  return (
    <div className={classes.frame}>
      <video
        ref={video}
        className={classes.video}
        data-mirrored={mirrored || undefined}
        autoPlay
        muted
        playsInline
        aria-label="Preview of your picture"
      />
      {cover && <div className={classes.cover}>{cover}</div>}
      {overlay && <div className={classes.overlay}>{overlay}</div>}
    </div>
  );
}
