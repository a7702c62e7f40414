import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveEntry } from '../../shared/model/entry.ts';
import type { EntryState } from '../../shared/model/state.ts';
import type { Notice } from './playerState.ts';
import { FakeSurroundings, type FakeLoad } from './player.fixture.ts';
import { Player } from './player.ts';

// Elements, libraries and the server, none of which there is here.
let around: FakeSurroundings;
let player: Player;
vi.mock('./controls/controls.ts', () => ({ createControls: () => around.controls }));
vi.mock('./controls/notice.ts', () => ({
  showNotice: (_element: unknown, { kind }: Notice) => (around.notice = kind),
}));
vi.mock('./engines/engines.ts', () => ({ loadEngine: () => Promise.resolve(around.startEngine) }));
vi.mock('./storyboard/scrubPreview.ts', () => ({
  ScrubPreview: class {
    close = () => undefined;
  },
}));
vi.mock('./watchedEntry.ts', () => ({
  fetchEntryPatiently: () => around.answer,
  WatchedEntry: class {
    close = () => undefined;
    constructor(_entryId: string, onState: (state: EntryState) => void) {
      around.tell = onState;
    }
  },
}));

const recorded = { type: 'live', recorded: { entryId: 'r1' } } as LiveEntry;
const entry = { type: 'live', id: 'e1', state: 'live', thumbnail: '', playback: { hls: 'h', dash: 'd' } } as LiveEntry;

/** The engine that was asked for last, once so many have been: within a few tries. */
async function load(count: number): Promise<FakeLoad> {
  for (let ms = 0; ms < 5000 && around.loads.length < count; ms += 10) await vi.advanceTimersByTimeAsync(10);
  expect(around.loads).toHaveLength(count);
  return around.loads[count - 1]!;
}

function open(state: EntryState, { type = 'live', autoplay = true } = {}): void {
  const options = { entryId: 'e1', engine: 'hlsjs', autoplay, muted: true } as const;
  player = new Player({} as HTMLElement, options, { ...entry, state, type } as LiveEntry);
}

beforeEach(() => {
  vi.useFakeTimers();
  around = new FakeSurroundings();
  around.answer = Promise.resolve(recorded);
});
afterEach(async () => {
  await player.close();
  vi.useRealTimers();
});

/** What there is half a minute after an engine has read its manifest. */
async function settle(last: FakeLoad, live: boolean) {
  await last.finish(live);
  await vi.advanceTimersByTimeAsync(30_000);
  const { loads, notice, video } = around;
  return {
    isLast: loads.at(-1) === last,
    isDestroyed: last.isDestroyed,
    notice,
    paused: video.paused,
    currentTime: video.currentTime,
  };
}

const playing = { isLast: true, isDestroyed: false, notice: 'none', paused: false };
const fromTheStart = { ...playing, currentTime: 0 };
const onAir = { ...playing, currentTime: 19 };

describe('when a broadcast ends, its recording plays', () => {
  async function watch(autoplay = true): Promise<FakeLoad> {
    open('live', { autoplay });
    const live = await load(1);
    await live.finish(true);
    if (!autoplay) await around.video.play();
    await vi.advanceTimersByTimeAsync(0);
    return live;
  }

  it('once the last of it has been seen', async () => {
    const live = await watch();
    around.tell('ended');
    await vi.advanceTimersByTimeAsync(200);
    expect(around.notice).toBe('recording');
    expect(around.loads).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(live.isDestroyed).toBe(true);
    expect(await settle(await load(2), false)).toEqual(fromTheStart);
  });

  it('also where its engine had failed before', async () => {
    (await watch(false)).fail();
    around.tell('ended');
    expect(await settle(await load(2), false)).toEqual(fromTheStart);
  });

  it('also where its engine fails while the server is asked for the recording', async () => {
    const live = await watch(false);
    const { promise, resolve } = Promise.withResolvers<LiveEntry>();
    around.answer = promise;
    around.tell('ended');
    live.fail();
    resolve(recorded);
    expect(await settle(await load(2), false)).toEqual(fromTheStart);
  });

  it('also where its engine fails long before the server answers', async () => {
    const live = await watch(false);
    const { promise, resolve } = Promise.withResolvers<LiveEntry>();
    around.answer = promise;
    around.tell('ended');
    live.fail();
    const again = await load(2);
    resolve(recorded);
    expect(await settle(again, false)).toEqual(fromTheStart);
  });

  it('also where its engine fails while the last of it is seen', async () => {
    const live = await watch(false);
    around.tell('ended');
    await vi.advanceTimersByTimeAsync(300);
    live.fail();
    await vi.advanceTimersByTimeAsync(100);
    expect(around.loads).toHaveLength(2);
    expect(await settle(await load(2), false)).toEqual(fromTheStart);
  });

  it('also where its engine complains when it has been replaced', async () => {
    const live = await watch();
    around.tell('ended');
    await vi.advanceTimersByTimeAsync(1000);
    const recording = await load(2);
    live.fail();
    expect(await settle(recording, false)).toEqual(fromTheStart);
    live.fail();
    expect(await settle(recording, false)).toEqual(fromTheStart);
  });

  it('also where the broadcast ends while it is loaded, or cannot be loaded any more', async () => {
    open('live');
    const first = await load(1);
    around.tell('ended');
    await first.finish(true);
    const second = await load(2);
    second.refuse();
    expect(await settle(await load(3), false)).toEqual(fromTheStart);
  });

  it('from where somebody was who had gone back', async () => {
    const live = await watch();
    Object.assign(around.video, { seekableEnd: 100, currentTime: 40 });
    around.tell('ended');
    live.fail();
    const recording = await load(2);
    around.video.duration = 130;
    await recording.finish(false);
    await vi.advanceTimersByTimeAsync(10);
    expect(around.video.currentTime).toBe(70);
  });

  it('but not to somebody who has paused', async () => {
    const live = await watch();
    around.video.pause();
    around.tell('ended');
    live.fail();
    await (await load(2)).finish(false);
    await vi.advanceTimersByTimeAsync(10);
    expect(around.video.paused).toBe(true);
  });

  it('and one that has no recording is tried once more', async () => {
    around.answer = Promise.resolve({ ...recorded, recorded: null });
    const live = await watch();
    around.tell('ended');
    live.fail();
    (await load(2)).refuse();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(around.loads).toHaveLength(2);
    expect(around.notice).toBe('ended');
  });
});

describe('when an entry goes live again, its page is live again', () => {
  it('where it played the recording', async () => {
    open('ended');
    const recording = await load(1);
    await recording.finish(false);
    around.tell('starting');
    around.tell('live');
    expect(await settle(await load(2), true)).toEqual(onAir);
    expect(recording.isDestroyed).toBe(true);
  });

  it('where the recording was being loaded', async () => {
    open('ended');
    const recording = await load(1);
    around.tell('live');
    await recording.finish(false);
    expect(await settle(await load(2), true)).toEqual(onAir);
    expect(recording.isDestroyed).toBe(true);
  });

  it('where the recording could not be loaded', async () => {
    open('ended');
    const recording = await load(1);
    around.tell('live');
    recording.refuse();
    expect(await settle(await load(2), true)).toEqual(onAir);
  });

  it('where a manifest of the recording has been kept', async () => {
    open('ended');
    await (await load(1)).finish(false);
    around.tell('live');
    await (await load(2)).finish(false);
    expect(await settle(await load(3), true)).toEqual(onAir);
  });

  it('where the last of the broadcast before was still being seen, and the recording of both follows', async () => {
    open('live');
    await (await load(1)).finish(true);
    around.tell('ended');
    around.tell('starting');
    around.tell('live');
    expect(await settle(await load(2), true)).toEqual(onAir);
    around.tell('ended');
    expect(await settle(await load(3), false)).toEqual(fromTheStart);
  });
});

it('plays what has ended from the start where nobody says what is on air', async () => {
  open('live', { type: 'manual' });
  expect(await settle(await load(1), false)).toEqual(fromTheStart);
});

it('lets go of an engine that has been loaded for a page that is closed meanwhile', async () => {
  open('live');
  const late = await load(1);
  await player.close();
  expect(await settle(late, true)).toMatchObject({ isLast: true, isDestroyed: true });
  expect(vi.getTimerCount()).toBe(0);
});
