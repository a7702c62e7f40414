import type { LiveEntry, VideoEntry } from '../../../shared/model/entry.ts';
import { addCut, noCuts, selectedCut, setIn, setOut, snapIn, snapOut } from './cuts.ts';
import { CutList } from './CutList.tsx';
import { Editor } from './Editor.tsx';
import type { FrameRange, Media } from './media.ts';
import { useCuts } from './useCuts.ts';
import { usePreview } from './usePreview.ts';
import { useSaving } from './useSaving.ts';
import { useUnsavedGuard } from './useUnsavedGuard.ts';

const newClipSeconds = 10;

/** Makes clips of an entry, as many as one likes, or one entry of several parts. */
export function ClipEditor({ entry, media: known }: { entry: LiveEntry | VideoEntry; media: Media }) {
  const { attach, player } = usePreview(entry.playback, known);
  const editing = useCuts(() => noCuts);
  const saving = useSaving(entry.id, known);
  const { cuts, edit } = editing;
  const selected = selectedCut(cuts);
  const unsaved = cuts.list.filter((cut) => saving.stateOf(cut)?.phase !== 'saved').length;
  useUnsavedGuard(unsavedText(unsaved), () => false);

  /** With what of a live entry has been seen, though it is not known to be stored: saving waits for that. */
  const mediaNow = (): Media => ({ ...known, end: Math.max(known.end, (player?.lastFrame ?? 0) + 1) });
  const frameNow = () => player?.state().frame ?? known.start;
  const add = ({ start, end }: FrameRange) => {
    const key = crypto.randomUUID?.() ?? `cut ${performance.now()}`;
    edit((now) => addCut(now, key, { start, end }));
  };
  const addAtPlayhead = () => {
    const media = mediaNow();
    const start = snapIn(media, frameNow());
    const end = snapOut(media, Math.round(start + newClipSeconds * media.grid.frameRate));
    add({ start, end: end > start ? end : media.end });
  };
  const setInHere = () => {
    const media = mediaNow();
    if (selected) edit((now) => setIn(now, selected.key, frameNow(), media));
    else add({ start: snapIn(media, frameNow()), end: media.end });
  };
  const setOutHere = () => {
    const media = mediaNow();
    if (selected) edit((now) => setOut(now, selected.key, frameNow() + 1, media));
    else add({ start: media.start, end: snapOut(media, frameNow() + 1) });
  };
  return (
    <Editor
      entry={entry}
      media={known}
      attach={attach}
      player={player}
      editing={editing}
      onSetIn={setInHere}
      onSetOut={setOutHere}
      onNewClip={addAtPlayhead}
      news={saving.news}
    >
      <CutList
        media={known}
        editing={editing}
        saving={saving}
        player={player}
        sourceName={entry.name}
        onAdd={addAtPlayhead}
      />
    </Editor>
  );
}

function unsavedText(count: number): string | undefined {
  if (count === 0) return undefined;
  return count === 1
    ? 'A clip has not been saved; it would be lost.'
    : `${count} clips have not been saved; they would be lost.`;
}
