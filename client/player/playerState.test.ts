import { describe, expect, it } from 'vitest';
import { isOutlived, mayPlay, noticeFor, retryDelayMs, type PlayerFacts } from './playerState.ts';

const facts: PlayerFacts = { state: 'live', missing: false, loaded: true, finished: false, failure: undefined };

describe('noticeFor', () => {
  it('shows nothing over a picture that plays', () => {
    expect(noticeFor(facts).kind).toBe('none');
  });

  it('says that the broadcaster dropped while the DVR goes on playing', () => {
    expect(noticeFor({ ...facts, state: 'interrupted' }).kind).toBe('interrupted');
  });

  it('leaves a viewer alone who is still watching an ended broadcast, and tells one who has seen it all', () => {
    expect(noticeFor({ ...facts, state: 'ended' }).kind).toBe('none');
    expect(noticeFor({ ...facts, state: 'ended', finished: true }).kind).toBe('ended');
  });

  it('promises a start while an encoder is connecting', () => {
    expect(noticeFor({ ...facts, state: 'starting', loaded: false }).kind).toBe('soon');
  });

  it('shows why playback failed only while there is something to play', () => {
    const failed = { ...facts, loaded: false, failure: 'The stream could not be loaded.' };
    expect(noticeFor(failed)).toEqual({ kind: 'failed', message: 'The stream could not be loaded.' });
    expect(noticeFor({ ...failed, state: 'idle' }).kind).toBe('offline');
  });

  it('says that the recording of what has just ended follows', () => {
    expect(noticeFor({ ...facts, state: 'ended', recordingFollows: true }).kind).toBe('recording');
  });

  it('says nothing of broadcasts about a video', () => {
    const video = { ...facts, state: undefined, video: 'ready' } as const;
    expect(noticeFor({ ...video, finished: true }).kind).toBe('none');
    expect(noticeFor({ ...video, loaded: false }).kind).toBe('loading');
    expect(noticeFor({ ...video, loaded: false, video: 'processing' }).kind).toBe('processing');
    expect(noticeFor({ ...video, loaded: false, failure: 'No.' })).toEqual({ kind: 'failed', message: 'No.' });
  });

  it('knows an address that leads nowhere', () => {
    expect(noticeFor({ ...facts, missing: true }).kind).toBe('missing');
  });
});

it('asks for a manifest only when there may be one', () => {
  expect((['idle', 'starting', 'live', 'interrupted', 'ended'] as const).filter(mayPlay)).toEqual([
    'live',
    'interrupted',
    'ended',
  ]);
});

it('has no use for an older broadcast, nor for its recording, while an entry is live', () => {
  const states = [undefined, 'idle', 'starting', 'live', 'interrupted', 'ended'] as const;
  expect(states.filter((loadedIn) => !isOutlived(loadedIn, 'live', true))).toEqual(['live', 'interrupted']);
  expect(states.filter((loadedIn) => !isOutlived(loadedIn, 'live', false))).toEqual([]);
  expect(states.filter((now) => isOutlived('ended', now, false))).toEqual(['live']);
});

it('tries again ever more slowly, but at least every ten seconds', () => {
  expect([0, 1, 2, 3, 4, 50].map(retryDelayMs)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
});
