import { randomBytes } from 'node:crypto';
import { defaultCaptions, type CaptionSettings } from '../../shared/model/captions.ts';
import type { Profile } from '../../shared/model/profile.ts';
import type { StoredBroadcast } from '../catalog/broadcasts.ts';
import type { TimelineWriter } from '../segments/segmentStore.ts';
import { windowSecondsOf } from './liveWindow.ts';
import type { SessionParts } from './sessionParts.ts';

type BroadcastParts = Pick<SessionParts, 'entries' | 'profiles' | 'broadcasts' | 'store' | 'now'>;

/** A broadcast that has not ended: its row, where its media go, and what they are made into. */
export interface RunningBroadcast {
  readonly stored: StoredBroadcast;
  readonly writer: TimelineWriter;
  readonly profile: Profile;
  readonly captions: CaptionSettings;
}

/** Where its media have no place, it does not stay open either. */
export async function openBroadcast(entryId: string, parts: BroadcastParts): Promise<RunningBroadcast> {
  const entry = await parts.entries.get(entryId);
  if (!entry) throw new Error('the entry has been deleted');
  const settings = await broadcastSettings(entryId, parts);
  const startedAtMs = parts.now();
  const id = `b_${randomBytes(8).toString('hex')}`;
  const windowSeconds = windowSecondsOf(entry.dvr);
  const stored = await parts.broadcasts.create({ id, entryId, startedAtMs });
  try {
    const writer = await parts.store.write({ id, entryId, epochMs: startedAtMs, windowSeconds });
    return { stored, writer, ...settings };
  } catch (error) {
    await parts.broadcasts.end(id, parts.now());
    throw error;
  }
}

export async function broadcastSettings(
  entryId: string,
  parts: Pick<BroadcastParts, 'entries' | 'profiles'>,
): Promise<Pick<RunningBroadcast, 'profile' | 'captions'>> {
  const entry = await parts.entries.get(entryId);
  const chosen = entry?.profileId ? await parts.profiles.get(entry.profileId) : undefined;
  const profile = chosen ?? (await parts.profiles.default());
  return { profile, captions: entry?.captions ?? defaultCaptions };
}
