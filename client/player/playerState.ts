import type { Entry } from '../../shared/model/entry.ts';
import type { EntryState } from '../../shared/model/state.ts';

/** What the viewer is told, above or instead of the picture. */
export type Notice =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'soon' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'ended' }
  /** The recording begins in a moment. */
  | { readonly kind: 'recording' }
  /** A video that is still being made. */
  | { readonly kind: 'processing' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly message: string };

/** The facts a notice follows from. */
export interface PlayerFacts {
  /** Undefined until the server has said. */
  readonly state: EntryState | undefined;
  /** The entry does not exist. */
  readonly missing: boolean;
  /** An engine has a manifest and is (or could be) playing. */
  readonly loaded: boolean;
  /** The viewer has seen everything there is. */
  readonly finished: boolean;
  /** Why playback stopped, while it is being started again. */
  readonly failure: string | undefined;
  readonly recordingFollows?: boolean;
  /** It is a video, which was never on air at this address, and whether it is still being made. */
  readonly video?: 'ready' | 'processing' | undefined;
}

/** What to show. A viewer in the middle of the DVR is left alone, whatever has become of the broadcast. */
export function noticeFor(facts: PlayerFacts): Notice {
  const { state, missing, loaded, finished, failure, recordingFollows, video } = facts;
  if (missing) return { kind: 'missing' };
  if (video) return noticeForVideo(facts, video);
  if (state === undefined) return { kind: 'loading' };
  if (recordingFollows) return { kind: 'recording' };
  if (loaded) {
    if (finished && state !== 'live') return { kind: state === 'interrupted' ? 'interrupted' : 'ended' };
    return { kind: state === 'interrupted' ? 'interrupted' : 'none' };
  }
  if (failure !== undefined && (state === 'live' || state === 'interrupted'))
    return { kind: 'failed', message: failure };
  if (state === 'starting') return { kind: 'soon' };
  if (state === 'live') return { kind: 'loading' };
  if (state === 'interrupted') return { kind: 'interrupted' };
  return { kind: state === 'ended' ? 'ended' : 'offline' };
}

function noticeForVideo({ loaded, failure }: PlayerFacts, video: 'ready' | 'processing'): Notice {
  if (loaded) return { kind: 'none' };
  if (video === 'processing') return { kind: 'processing' };
  return failure === undefined ? { kind: 'loading' } : { kind: 'failed', message: failure };
}

/** Whether a manifest is worth asking for: an ended broadcast may still have its DVR. */
export function mayPlay(state: EntryState): boolean {
  return state === 'live' || state === 'interrupted' || state === 'ended';
}

/** Whether what was loaded in one state has no place in another: a broadcast is on, and it is an older one or its recording. */
export function isOutlived(loadedIn: EntryState | undefined, now: EntryState | undefined, isLive: boolean): boolean {
  return now === 'live' && (!isLive || (loadedIn !== 'live' && loadedIn !== 'interrupted'));
}

/** What is shown before playback begins; undefined where the server has nothing to make it of. */
export function posterOf(entry: Entry): string | undefined {
  const isChosen = entry.thumbnail.includes('?');
  const hasMedia =
    entry.type === 'video' ? entry.status !== 'processing' : entry.type === 'live' && mayPlay(entry.state);
  return isChosen || hasMedia ? entry.thumbnail : undefined;
}

/** Milliseconds before playback is tried again: quick at first, then no more often than every ten seconds. */
export function retryDelayMs(attempt: number): number {
  return Math.min(1000 * 2 ** Math.min(attempt, 4), 10_000);
}
