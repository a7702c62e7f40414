import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useScenes } from '../../api/clipQueries.ts';
import { drawTimeline, readColours, timelinePixels, type Drawing } from './drawTimeline.ts';
import { filmSlots } from './filmStrip.ts';
import { clockedSpan, type Media } from './media.ts';
import { PictureCache } from './PictureCache.ts';
import { sceneSeconds } from './scenes.ts';
import { useWaveform } from './useWaveform.ts';
import type { View, ZoomLevel } from './zoom.ts';

/** Exact frames are asked for when the view rests. */
const restMs = 200;

/** Draws the timeline into the canvas that is the ref's. */
export function useTimelineCanvas(
  entryId: string,
  media: Media,
  view: View | undefined,
  level: ZoomLevel,
  cuts: Drawing['cuts'],
) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const [pictures] = useState(() => new PictureCache());
  const loaded = useSyncExternalStore(pictures.subscribe, pictures.loadedCount);
  const scenes = useScenes(entryId, sceneSeconds[level], clockedSpan(media)).data;
  const waveform = useWaveform(entryId, view, media);

  useEffect(() => () => pictures.close(), [pictures]);

  useEffect(() => {
    if (!view || !media.grid.hasFrames) return undefined;
    const slots = filmSlots(view, media, scenes, entryId);
    const sheets = slots.flatMap(({ scene }) => scene?.sheet ?? []);
    pictures.want(sheets);
    const timer = setTimeout(() => pictures.want([...sheets, ...slots.flatMap(({ frame }) => frame ?? [])]), restMs);
    return () => clearTimeout(timer);
  }, [pictures, view, media, scenes, entryId]);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !view) return;
    const density = globalThis.devicePixelRatio || 1;
    const width = Math.round(view.widthPixels * density);
    if (element.width !== width) element.width = width;
    if (element.height !== timelinePixels * density) element.height = timelinePixels * density;
    context.setTransform(density, 0, 0, density, 0, 0);
    const slots = media.grid.hasFrames ? filmSlots(view, media, scenes, entryId) : [];
    drawTimeline(context, { view, media, slots, pictures, waveform, cuts }, readColours(element));
    // A picture that has come, and other colours, are to be seen, too.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [pictures, loaded, view, media, scenes, waveform, cuts, entryId, scheme]);

  return canvas;
}
