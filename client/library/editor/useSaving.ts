import { useEffect, useRef, useState } from 'react';
import type { VideoEntry } from '../../../shared/model/entry.ts';
import { errorMessage } from '../../api/apiError.ts';
import { useCreateClip } from '../../api/clipQueries.ts';
import { signatureOf, type Cut, type CutAbout } from './cuts.ts';
import { cutRange, type Media } from './media.ts';

/** What has become of a cut. */
export type SaveState =
  | { readonly phase: 'saving' }
  | { readonly phase: 'saved'; readonly entry: VideoEntry; readonly signature: string; readonly joined: boolean }
  | { readonly phase: 'failed'; readonly message: string };

export interface Saving {
  readonly stateOf: (cut: Cut) => SaveState | undefined;
  /** Of how many, while some are being saved. */
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  /** For screen readers. */
  readonly news: string;
  readonly saveEach: (cuts: readonly Cut[]) => Promise<void>;
  /** One entry of all, in their order; rejects with why it could not be made. */
  readonly saveJoined: (cuts: readonly Cut[], about: CutAbout) => Promise<VideoEntry>;
}

/** Makes entries of cuts, one after the other, and remembers which are as they were saved. */
export function useSaving(entryId: string, media: Media): Saving {
  const create = useCreateClip(entryId);
  const [states, setStates] = useState<ReadonlyMap<string, SaveState>>(new Map());
  const [progress, setProgress] = useState<Saving['progress']>();
  const [news, setNews] = useState('');
  const latestMedia = useRef(media);
  useEffect(() => {
    latestMedia.current = media;
  }, [media]);

  const mark = (cuts: readonly Cut[], state: (cut: Cut) => SaveState) =>
    setStates((before) => new Map([...before, ...cuts.map((cut) => [cut.key, state(cut)] as const)]));

  const saveEach = async (cuts: readonly Cut[]) => {
    let failed = 0;
    for (const [done, cut] of cuts.entries()) {
      setProgress({ done, total: cuts.length });
      mark([cut], () => ({ phase: 'saving' }));
      setNews(cuts.length === 1 ? 'Saving the clip.' : `Saving clip ${done + 1} of ${cuts.length}.`);
      try {
        const entry = await create.mutateAsync({ ...aboutOf(cut), ...cutRange(latestMedia.current, cut) });
        mark([cut], () => ({ phase: 'saved', entry, signature: signatureOf(cut), joined: false }));
      } catch (error) {
        failed++;
        mark([cut], () => ({ phase: 'failed', message: errorMessage(error) }));
      }
    }
    setProgress(undefined);
    setNews(failed === 0 ? savedText(cuts.length) : `${failed} of ${cuts.length} could not be saved.`);
  };

  const saveJoined = async (cuts: readonly Cut[], about: CutAbout) => {
    setNews(`Saving ${cuts.length} parts as one entry.`);
    const parts = cuts.map((cut) => cutRange(latestMedia.current, cut));
    const entry = await create.mutateAsync({ ...aboutOf(about), parts });
    mark(cuts, (cut) => ({ phase: 'saved', entry, signature: signatureOf(cut), joined: true }));
    setNews(`Saved as ${entry.name}.`);
    return entry;
  };

  return {
    stateOf: (cut) => {
      const state = states.get(cut.key);
      return state?.phase === 'saved' && state.signature !== signatureOf(cut) ? undefined : state;
    },
    progress,
    news,
    saveEach,
    saveJoined,
  };
}

function savedText(count: number): string {
  return count === 1 ? 'The clip is saved.' : `${count} clips are saved.`;
}

/** What was left empty the server names. */
function aboutOf({ name = '', description = '', tags = [] }: CutAbout) {
  return {
    ...(name.trim() && { name: name.trim() }),
    ...(description && { description }),
    ...(tags.length > 0 && { tags: [...tags] }),
  };
}
