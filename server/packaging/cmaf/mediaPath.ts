import { hash } from 'node:crypto';
import type { TimelineReader } from '../../segments/timelineReader.ts';

/** What a media path below a format's folder asks for. Every path begins with the timeline's tag. */
type MediaPath =
  | { readonly type: 'init'; readonly tag: string; readonly trackId: string; readonly period: number }
  | { readonly type: 'sequence'; readonly tag: string; readonly trackId: string; readonly sequence: number }
  | {
      readonly type: 'time';
      readonly tag: string;
      readonly trackId: string;
      readonly period: number;
      readonly startTicks: number;
    };

const longestPath = 80;
const shape = /^([\w-]{8})\/([a-z0-9]{1,16})\/(?:(\d{1,15})\.m4s|(\d{1,15})\/(?:init\.mp4|(\d{1,15})\.m4s))$/;

/** Undefined for anything that is not exactly a path this origin writes. */
export function parseMediaPath(path: string): MediaPath | undefined {
  if (path.length > longestPath) return undefined;
  const match = shape.exec(path);
  if (!match) return undefined;
  const [, tag = '', trackId = '', sequence, period, startTicks] = match;
  if (sequence !== undefined) return { type: 'sequence', tag, trackId, sequence: Number(sequence) };
  if (startTicks === undefined) return { type: 'init', tag, trackId, period: Number(period) };
  return { type: 'time', tag, trackId, period: Number(period), startTicks: Number(startTicks) };
}

export const mediaPath = {
  init: (tag: string, trackId: string, period: number | string) => `${tag}/${trackId}/${period}/init.mp4`,
  sequence: (tag: string, trackId: string, sequence: number) => `${tag}/${trackId}/${sequence}.m4s`,
  time: (tag: string, trackId: string, period: number, startTicks: number | string) =>
    `${tag}/${trackId}/${period}/${startTicks}.m4s`,
} as const;

const tags = new WeakMap<TimelineReader, string>();

/** Keeps the media of an entry's successive broadcasts apart: their sequences may repeat, and caches keep media for a day. */
export function timelineTag(timeline: TimelineReader): string {
  let tag = tags.get(timeline);
  if (tag === undefined) {
    tag = hash('sha1', timeline.id, 'base64url').slice(0, 8);
    tags.set(timeline, tag);
  }
  return tag;
}
