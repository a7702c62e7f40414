import { useRef } from 'react';
import { useNavigate } from 'react-router';
import type { VideoEntry } from '../../../shared/model/entry.ts';
import { useTrimEntry } from '../../api/clipQueries.ts';
import { notifyDone } from '../../ui/notify.ts';
import { addCut, noCuts, setIn, setOut } from './cuts.ts';
import { Editor } from './Editor.tsx';
import { cutRange, type Media } from './media.ts';
import { TrimPanel } from './TrimPanel.tsx';
import { useCuts } from './useCuts.ts';
import { usePreview } from './usePreview.ts';
import { useUnsavedGuard } from './useUnsavedGuard.ts';

const key = 'trim';

/** Makes a video begin and end elsewhere. */
export function TrimEditor({ entry, media }: { entry: VideoEntry; media: Media }) {
  const { attach, player } = usePreview(entry.playback, media);
  const editing = useCuts(() => addCut(noCuts, key, media));
  const trim = useTrimEntry(entry.id);
  const navigate = useNavigate();
  const isDone = useRef(false);
  const cut = editing.cuts.list[0]!;
  const isWhole = cut.start === media.start && cut.end === media.end;
  useUnsavedGuard(isWhole ? undefined : 'The trim has not been saved; the video stays as it is.', () => isDone.current);

  const frameNow = () => player?.state().frame ?? media.start;
  const save = () =>
    trim.mutate(cutRange(media, cut), {
      onSuccess: () => {
        isDone.current = true;
        notifyDone('The video is trimmed.');
        void navigate(`/entries/${entry.id}`);
      },
    });
  return (
    <Editor
      entry={entry}
      media={media}
      attach={attach}
      player={player}
      editing={editing}
      onSetIn={() => editing.edit((now) => setIn(now, key, frameNow(), media))}
      onSetOut={() => editing.edit((now) => setOut(now, key, frameNow() + 1, media))}
      onNewClip={undefined}
      news={trim.isPending ? 'Trimming the video.' : ''}
    >
      <TrimPanel
        media={media}
        cut={cut}
        isWhole={isWhole}
        alreadyTrimmed={entry.trimmed}
        saving={trim.isPending}
        error={trim.error}
        onReset={() => editing.edit((now) => ({ ...now, list: [{ ...cut, start: media.start, end: media.end }] }))}
        onSave={save}
      />
    </Editor>
  );
}
