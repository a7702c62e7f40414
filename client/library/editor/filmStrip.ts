import type { Tile } from '../../player/storyboard/storyboard.ts';
import { frameAddress } from '../../api/pictureQueries.ts';
import { gapAt, positionOf, type Media } from './media.ts';
import { placeOnSheet, sceneAt } from './scenes.ts';
import { frameToPixel, type View } from './zoom.ts';

/** Tiles of a storyboard, and the Unix ms of where their times begin. */
export interface Scenes {
  readonly tiles: readonly Tile[];
  readonly beginsAt: number;
}

/** A picture on the timeline. */
export interface FilmSlot {
  readonly leftPixels: number;
  readonly widthPixels: number;
  /** The exact frame, where each frame is to be seen. */
  readonly frame: string | undefined;
  /** A picture of about that time. */
  readonly scene: ReturnType<typeof placeOnSheet> | undefined;
}

const slotPixels = 100;
const thumbnailPixels = 160;
/** Frames this wide are worth a picture each. */
const exactFromPixels = 20;

/** The pictures of a view. They keep their places in time, so that nothing swims when it is scrolled. */
export function filmSlots(view: View, media: Media, scenes: Scenes | undefined, entryId: string): FilmSlot[] {
  const slotFrames = Math.max(1, Math.ceil(slotPixels / view.pixelsPerFrame));
  const right = Math.min(view.left + view.widthPixels / view.pixelsPerFrame, media.end);
  const slots: FilmSlot[] = [];
  const first = Math.floor((view.left - media.start) / slotFrames) * slotFrames + media.start;
  for (let frame = Math.max(media.start, first); frame < right; frame += slotFrames) {
    const end = Math.min(frame + slotFrames, media.end);
    if (gapAt(media, frame)) continue;
    slots.push({
      leftPixels: frameToPixel(view, frame),
      widthPixels: (end - frame) * view.pixelsPerFrame,
      // Times of what is live shift while they are asked for.
      frame: view.pixelsPerFrame >= exactFromPixels && !media.live ? exactFrame(media, frame, entryId) : undefined,
      scene: scenes && sceneOf(scenes, media, frame),
    });
  }
  return slots;
}

function exactFrame(media: Media, frame: number, entryId: string): string {
  const { startMs, endMs, epochMs } = media.span;
  // A trim puts other frames at the same times.
  return `${frameAddress(entryId, positionOf(media, frame + 0.5) - startMs, thumbnailPixels)}&of=${epochMs}-${endMs}`;
}

function sceneOf({ tiles, beginsAt }: Scenes, { grid }: Media, frame: number): FilmSlot['scene'] {
  const tile = sceneAt(tiles, (grid.epochMs - beginsAt) / 1000 + (frame + 0.5) / grid.frameRate);
  return tile && placeOnSheet(tile);
}
