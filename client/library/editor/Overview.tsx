import { useRef, type PointerEvent } from 'react';
import type { Cut } from './cuts.ts';
import type { Media } from './media.ts';
import classes from './Timeline.module.css';
import type { View } from './zoom.ts';

interface OverviewProps {
  view: View;
  media: Media;
  frame: number;
  cuts: readonly Cut[];
  onScroll: (left: number) => void;
}

/** All of the media in a thin line: what of it the timeline shows, and where the clips are. */
export function Overview({ view, media, frame, cuts, onScroll }: OverviewProps) {
  const line = useRef<HTMLDivElement>(null);
  const frames = media.end - media.start;
  const percent = (value: number) => `${(value / frames) * 100}%`;
  const shown = view.widthPixels / view.pixelsPerFrame;
  const scrollTo = (event: PointerEvent) => {
    const box = line.current?.getBoundingClientRect();
    if (box) onScroll(media.start + ((event.clientX - box.left) / box.width) * frames - shown / 2);
  };
  return (
    <div
      ref={line}
      className={classes.overview}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        scrollTo(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && scrollTo(event)}
    >
      {cuts.map(({ key, start, end }) => (
        <span
          key={key}
          className={classes.overviewCut}
          style={{ left: percent(start - media.start), width: percent(end - start) }}
        />
      ))}
      <span className={classes.overviewPlayhead} style={{ left: percent(frame - media.start) }} />
      <span
        className={classes.overviewView}
        style={{ left: percent(view.left - media.start), width: percent(shown) }}
      />
    </div>
  );
}
