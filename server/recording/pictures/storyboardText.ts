import type { Extent } from './stretch.ts';
import { placeOf, tilesOf, tilesPerSheet, type StoryboardLayout } from './storyboardLayout.ts';

/** A stretch of time that has media, with its wall clock. */
export interface CoveredTime extends Extent {
  readonly wallClockMs: number;
}

/**
 * WebVTT with a cue for each tile (`#xywh`, W3C Media Fragments 4.2.2). Times count from the start of what the entry
 * plays now; the cue's name is its wall clock in Unix ms, by which a player finds it whose own times begin elsewhere.
 * `coveredAt`: the media at a position or the next after it; tiles without any have no cue.
 */
export function writeStoryboard(
  layout: StoryboardLayout,
  extent: Extent,
  coveredAt: (positionMs: number) => CoveredTime | undefined,
  /** Of a sheet, by its number and how many of its tiles there are. */
  sheetUrl: (sheet: number, tiles: number) => string,
): string {
  const cues: string[] = [];
  let sheet = -1;
  let url = '';
  for (let tile = layout.firstTile; tile < layout.endTile; tile++) {
    const fromMs = Math.max(extent.startMs, tile * layout.intervalMs);
    const toMs = Math.min(extent.endMs, (tile + 1) * layout.intervalMs);
    const covered = coveredAt(fromMs);
    if (!covered || covered.startMs >= toMs || toMs <= fromMs) continue;
    if (sheet !== Math.floor(tile / tilesPerSheet)) {
      sheet = Math.floor(tile / tilesPerSheet);
      url = sheetUrl(sheet, (tilesOf(layout, sheet)?.end ?? 0) - sheet * tilesPerSheet);
    }
    const beginMs = Math.max(fromMs, covered.startMs);
    const wallClockMs = Math.round(covered.wallClockMs + beginMs - covered.startMs);
    const { x, y } = placeOf(layout, tile);
    const time = `${timestamp(beginMs - extent.startMs)} --> ${timestamp(toMs - extent.startMs)}`;
    cues.push(`${wallClockMs}\n${time}\n${url}#xywh=${x},${y},${layout.width},${layout.height}\n`);
  }
  return ['WEBVTT\n', ...cues].join('\n');
}

function timestamp(ms: number): string {
  const whole = Math.round(ms);
  const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
  const seconds = Math.floor(whole / 1000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => pad(part));
  return `${clock.join(':')}.${pad(whole % 1000, 3)}`;
}
