import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useScenes } from '../../api/clipQueries.ts';
import { drawTimeline, readColours, timelinePixels, type Drawing } from './drawTimeline.ts';
import { filmSlots } from './filmStrip.ts';
import type { Media } from './media.ts';
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
  const [pictures, setPictures] = useState<PictureCache>();
  const [loaded, setLoaded] = useState(0);
  const scenes = useScenes(entryId, sceneSeconds[level], media.span).data;
  const waveform = useWaveform(entryId, view, media);

  useEffect(() => {
    const cache = new PictureCache(() => setLoaded((count) => count + 1));
    setPictures(cache);
    return () => cache.close();
  }, []);

  useEffect(() => {
    if (!pictures || !view || !media.grid.hasFrames) return undefined;
    const slots = filmSlots(view, media, scenes, entryId);
    const sheets = slots.flatMap(({ scene }) => scene?.sheet ?? []);
    pictures.want(sheets);
    const timer = setTimeout(() => pictures.want([...sheets, ...slots.flatMap(({ frame }) => frame ?? [])]), restMs);
    return () => clearTimeout(timer);
  }, [pictures, view, media, scenes, entryId]);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !pictures || !view) return;
    const density = globalThis.devicePixelRatio || 1;
    const width = Math.round(view.widthPixels * density);
    if (element.width !== width) element.width = width;
    if (element.height !== timelinePixels * density) element.height = timelinePixels * density;
    context.setTransform(density, 0, 0, density, 0, 0);
    const slots = media.grid.hasFrames ? filmSlots(view, media, scenes, entryId) : [];
    drawTimeline(context, { view, media, slots, pictures, waveform, cuts }, readColours(element));
  }, [pictures, loaded, view, media, scenes, waveform, cuts, entryId, scheme]);

  return canvas;
}
