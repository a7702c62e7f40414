import type { EntryState } from '../../shared/model/state.ts';
import type { StoredBroadcast } from '../catalog/broadcasts.ts';
import type { Logger } from '../log.ts';
import type { TimelineWriter } from '../segments/segmentStore.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import { windowSecondsOf } from './liveWindow.ts';
import type { SessionParts } from './sessionParts.ts';

export interface OpenBroadcast {
  readonly broadcast: StoredBroadcast;
  readonly writer: TimelineWriter;
  readonly interruptedAtMs: number;
}

/** Broadcasts whose publisher may still come back; those whose time is over, or that hold no media, are ended here. */
export async function recoverBroadcasts(parts: SessionParts, log: Logger): Promise<OpenBroadcast[]> {
  const open: OpenBroadcast[] = [];
  for (const broadcast of await parts.broadcasts.open()) {
    const entry = await parts.entries.get(broadcast.entryId);
    // The server may have died between the end of the media and that of the broadcast.
    if (!entry || parts.store.timeline(broadcast.id)?.ended) {
      await parts.broadcasts.end(broadcast.id, parts.now());
      continue;
    }
    const { id, entryId, startedAtMs: epochMs } = broadcast;
    const writer = await parts.store.write({ id, entryId, epochMs, windowSeconds: windowSecondsOf(entry.dvr) });
    const lastMediaAtMs = endOfMedia(writer.timeline);
    const interruptedAtMs = broadcast.interruptedAtMs ?? lastMediaAtMs;
    const windowEndsAtMs = (interruptedAtMs ?? 0) + parts.reconnectWindowSeconds * 1000;
    if (interruptedAtMs !== undefined && lastMediaAtMs !== undefined && parts.now() < windowEndsAtMs) {
      log.info({ entryId, broadcastId: id }, 'broadcast taken up again, waiting for its publisher');
      await parts.broadcasts.interrupt(id, interruptedAtMs);
      open.push({ broadcast, writer, interruptedAtMs });
      continue;
    }
    await writer.end();
    await writer.close();
    await parts.broadcasts.end(id, interruptedAtMs ?? parts.now());
    await parts.entries.setState(entryId, lastMediaAtMs === undefined ? 'idle' : 'ended');
    log.info({ entryId, broadcastId: id }, 'broadcast of an earlier run has ended');
  }
  return open;
}

/** Entries whose state speaks of a broadcast that is not there (a publisher had just been let in) go back to rest. */
export async function settleStates(parts: SessionParts, waitingFor: ReadonlySet<string>): Promise<void> {
  for (const state of ['starting', 'live', 'interrupted'] as const) {
    const stuck = await idsInState(parts.entries, state);
    for (const id of stuck.filter((entryId) => !waitingFor.has(entryId))) {
      await parts.entries.setState(id, (await parts.broadcasts.last(id)) ? 'ended' : 'idle');
    }
  }
}

async function idsInState(entries: SessionParts['entries'], state: EntryState): Promise<string[]> {
  const ids: string[] = [];
  for (let page = 1; ; page++) {
    const { items, total } = await entries.list({ state, page, pageSize: 200 });
    ids.push(...items.map((entry) => entry.id));
    if (items.length === 0 || ids.length >= total) return ids;
  }
}

/** Wall clock (Unix ms) of the last stored media; undefined when there is none. */
function endOfMedia(timeline: TimelineReader): number | undefined {
  const last = timeline.segments.at(-1);
  return last && last.wallClockMs + last.durationMs;
}
