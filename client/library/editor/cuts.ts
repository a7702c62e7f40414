import { gapAt, type FrameRange, type Media } from './media.ts';

/** A clip to be: frames `start` to `end`, `end` not included, and what the producer says about it. */
export interface Cut extends FrameRange {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
}

/** What is undone and redone. */
export interface Cuts {
  readonly list: readonly Cut[];
  readonly selected: string | undefined;
}

export type CutAbout = Partial<Pick<Cut, 'name' | 'description' | 'tags'>>;

export const noCuts: Cuts = { list: [], selected: undefined };

export function selectedCut({ list, selected }: Cuts): Cut | undefined {
  return list.find(({ key }) => key === selected);
}

export function addCut(cuts: Cuts, key: string, range: FrameRange): Cuts {
  const cut = { key, ...range, name: '', description: '', tags: [] };
  return { list: [...cuts.list, cut], selected: key };
}

/** The one after it is selected, or the last. */
export function removeCut({ list, selected }: Cuts, key: string): Cuts {
  const index = list.findIndex((cut) => cut.key === key);
  const rest = list.filter((cut) => cut.key !== key);
  return { list: rest, selected: selected === key ? (rest[index] ?? rest.at(-1))?.key : selected };
}

export function selectCut(cuts: Cuts, key: string): Cuts {
  return cuts.selected === key ? cuts : { ...cuts, selected: key };
}

/** One place up or down; parts are joined in their order. */
export function moveCut(cuts: Cuts, key: string, by: -1 | 1): Cuts {
  const from = cuts.list.findIndex((cut) => cut.key === key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= cuts.list.length) return cuts;
  const list = [...cuts.list];
  [list[from], list[to]] = [list[to]!, list[from]!];
  return { ...cuts, list };
}

export function describeCut(cuts: Cuts, key: string, about: CutAbout): Cuts {
  return update(cuts, key, (cut) => ({ ...cut, ...about }));
}

/** A cut whose in comes to lie behind its out goes on to the end. */
export function setIn(cuts: Cuts, key: string, frame: number, media: Media): Cuts {
  const start = snapIn(media, frame);
  return update(cuts, key, (cut) => ({ ...cut, start, end: cut.end > start ? cut.end : media.end }));
}

/** `end` is the first frame that is not in it; one before its in makes it begin where the media do. */
export function setOut(cuts: Cuts, key: string, frame: number, media: Media): Cuts {
  const end = snapOut(media, frame);
  return update(cuts, key, (cut) => ({ ...cut, end, start: cut.start < end ? cut.start : media.start }));
}

/** Dragged: the other end stays, and a frame is left at least. */
export function dragEdge(cuts: Cuts, key: string, edge: 'start' | 'end', frame: number, media: Media): Cuts {
  return update(cuts, key, (cut) =>
    edge === 'start'
      ? { ...cut, start: Math.min(snapIn(media, frame), cut.end - 1) }
      : { ...cut, end: Math.max(snapOut(media, frame), cut.start + 1) },
  );
}

/** No clip begins where media are missing: behind the gap, then. */
export function snapIn(media: Media, frame: number): number {
  const within = Math.min(Math.max(Math.round(frame), media.start), media.end - 1);
  return gapAt(media, within)?.end ?? within;
}

/** Nor does one end there: before the gap, then. */
export function snapOut(media: Media, frame: number): number {
  const within = Math.min(Math.max(Math.round(frame), media.start + 1), media.end);
  return gapAt(media, within - 1)?.start ?? within;
}

/** Why a cut cannot be saved as it is, for people. */
export function cutProblem(cut: Cut, { start }: Pick<Media, 'start'>): string | undefined {
  if (cut.end <= start) return 'It has left the DVR window and cannot be cut any more.';
  if (cut.start < start) return 'Its beginning has left the DVR window. Set a later in point.';
  const { length } = cut.name.trim();
  if (length > 0 && length < 5) return 'The name needs at least 5 characters.';
  return length > 200 ? 'The name may have at most 200 characters.' : undefined;
}

/** Tells whether what was saved of a cut is what it is now. */
export function signatureOf({ start, end, name, description, tags }: Cut): string {
  return JSON.stringify([start, end, name.trim(), description, tags]);
}

function update(cuts: Cuts, key: string, next: (cut: Cut) => Cut): Cuts {
  return { ...cuts, list: cuts.list.map((cut) => (cut.key === key ? next(cut) : cut)) };
}
