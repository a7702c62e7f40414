import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState, type PointerEvent, type ReactNode } from 'react';
import { dragEdge, selectedCut } from './cuts.ts';
import { timelinePixels } from './drawTimeline.ts';
import { Handle } from './Handle.tsx';
import type { Media } from './media.ts';
import { Overview } from './Overview.tsx';
import type { PreviewPlayer } from './PreviewPlayer.ts';
import classes from './Timeline.module.css';
import type { CutsEditing } from './useCuts.ts';
import { usePreviewState } from './usePreview.ts';
import { useTimelineCanvas } from './useTimelineCanvas.ts';
import {
  followFrame,
  frameToPixel,
  pixelsPerFrame,
  pixelToFrame,
  placeView,
  zoomAround,
  type ZoomLevel,
} from './zoom.ts';

interface TimelineProps {
  entryId: string;
  media: Media;
  player: PreviewPlayer | undefined;
  level: ZoomLevel;
  editing: CutsEditing;
  /** Beside the overview. */
  children: ReactNode;
}

/** Pictures and sound over time, with the playhead and the ends of the selected clip to be dragged. */
export function Timeline({ entryId, media, player, level, editing, children }: TimelineProps) {
  const { ref: box, width } = useElementSize();
  const [track, setTrack] = useState<HTMLElement | null>(null);
  const attach = useMergedRef(box, setTrack);
  const { frame } = usePreviewState(player);
  const [left, setLeft] = useState(media.start);
  const view = useMemo(
    () => placeView({ left, widthPixels: width, pixelsPerFrame: pixelsPerFrame(level, media, width) }, media),
    [left, width, level, media],
  );
  const { cuts, edit } = editing;
  const drawnCuts = useMemo(
    () => cuts.list.map((cut, index) => ({ ...cut, label: String(index + 1), selected: cut.key === cuts.selected })),
    [cuts],
  );
  const canvas = useTimelineCanvas(entryId, media, width > 0 ? view : undefined, level, drawnCuts);
  useFollowing({ view, media, frame, level, setLeft });
  useWheel(track, (frames) =>
    setLeft(placeView({ ...view, left: view.left + frames / view.pixelsPerFrame }, media).left),
  );

  const selected = selectedCut(cuts);
  const frameAtPointer = (event: PointerEvent) => {
    const { left: boxLeft } = canvas.current!.getBoundingClientRect();
    return pixelToFrame(view, event.clientX - boxLeft);
  };
  const scrub = (event: PointerEvent) => player?.seek(Math.floor(frameAtPointer(event)));
  const moveEdge = (edge: 'start' | 'end') => (to: number, gesture: string) => {
    if (!selected) return;
    const moved = selectedCut(dragEdge(cuts, selected.key, edge, to, media))!;
    edit((now) => dragEdge(now, selected.key, edge, to, media), gesture);
    player?.seek(edge === 'start' ? moved.start : moved.end - 1);
  };
  const common = { media, frameAtPointer };
  return (
    <div>
      <div className={classes.clip}>
        <div
          ref={attach}
          className={classes.track}
          style={{ height: timelinePixels }}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            scrub(event);
          }}
          onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && scrub(event)}
        >
          <canvas ref={canvas} className={classes.canvas} aria-hidden="true" />
          {selected && (
            <>
              <Handle
                kind="in"
                name="In"
                frame={selected.start}
                leftPixels={frameToPixel(view, selected.start)}
                onMove={moveEdge('start')}
                {...common}
              />
              <Handle
                kind="out"
                name="Out"
                frame={selected.end}
                leftPixels={frameToPixel(view, selected.end)}
                onMove={moveEdge('end')}
                {...common}
              />
            </>
          )}
          <Handle
            kind="playhead"
            name="Playhead"
            frame={frame}
            leftPixels={frameToPixel(view, frame)}
            onMove={(to) => player?.seek(Math.floor(to))}
            {...common}
          />
        </div>
      </div>
      <div className={classes.under}>
        <Overview
          view={view}
          media={media}
          frame={frame}
          cuts={cuts.list}
          onScroll={(to) => setLeft(placeView({ ...view, left: to }, media).left)}
        />
        {children}
      </div>
    </div>
  );
}

interface Following {
  view: ReturnType<typeof placeView>;
  media: Media;
  frame: number;
  level: ZoomLevel;
  setLeft: (left: number) => void;
}

/** The view goes with the playhead, with the end that grows when it was there, and keeps the playhead when zoomed. */
function useFollowing({ view, media, frame, level, setLeft }: Following): void {
  const before = useRef({ view, end: media.end, level, frame });
  useEffect(() => {
    const { view: seen, end, level: levelBefore, frame: frameBefore } = before.current;
    before.current = { view, end: media.end, level, frame };
    if (levelBefore !== level) setLeft(zoomAround(seen, view.pixelsPerFrame, frame, media).left);
    else if (media.end > end && seen.left + seen.widthPixels / seen.pixelsPerFrame >= end - 1)
      setLeft(placeView({ ...view, left: media.end }, media).left);
    else if (frame !== frameBefore) setLeft(followFrame(view, frame, media).left);
  }, [view, media, frame, level, setLeft]);
}

/** Sideways, or with shift; a plain wheel scrolls the page. */
function useWheel(element: HTMLElement | null, onScroll: (pixels: number) => void): void {
  const scroll = useRef(onScroll);
  useEffect(() => {
    scroll.current = onScroll;
  });
  useEffect(() => {
    if (!element) return undefined;
    const turn = (event: WheelEvent) => {
      const pixels = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (pixels === 0) return;
      event.preventDefault();
      scroll.current(pixels);
    };
    // React's own listeners cannot keep the page from scrolling.
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [element]);
}
