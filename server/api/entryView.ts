import type { Broadcast, Entry, Ingest, Playback, Recorded, TranscodeFailure } from '../../shared/model/entry.ts';
import { absoluteUrl, paths } from '../../shared/urls.ts';
import type { StoredBroadcast } from '../catalog/broadcasts.ts';
import type { StoredEntry } from '../catalog/entries.ts';

/** Where this server is reached from outside. */
export interface Addresses {
  readonly publicUrl: string;
  readonly rtmpPort: number;
  readonly rtmpsPort: number;
  readonly rtspPort: number;
  readonly announcedAddress: string;
}

/** Bytes of media that an entry keeps from being deleted. */
export interface StorageUse {
  readonly sizeBytes: number;
  /** Of these, what other entries keep as well. */
  readonly sharedBytes: number;
}

/** What is known about an entry besides its row. */
export interface EntryContext {
  readonly addresses: Addresses;
  readonly broadcast: StoredBroadcast | undefined;
  readonly failure: TranscodeFailure | null;
  readonly storage: StorageUse;
  readonly recorded: Recorded | null;
  /** Undefined while no poster has been chosen. */
  readonly posterVersion: string | undefined;
  /** Shows how to publish, and what went wrong. */
  readonly mayPublish: boolean;
}

/** The one place that says how an entry looks from outside. */
export function viewEntry(stored: StoredEntry, context: EntryContext): Entry {
  const { addresses } = context;
  const base = {
    id: stored.id,
    name: stored.name,
    description: stored.description,
    tags: stored.tags,
    playback: viewPlayback(stored, addresses.publicUrl),
    thumbnail: absoluteUrl(addresses.publicUrl, viewThumbnail(stored.id, context.posterVersion)),
    createdBy: context.mayPublish ? stored.createdBy : null,
    plays: stored.plays,
    sizeBytes: context.storage.sizeBytes,
    sharedBytes: context.storage.sharedBytes,
    retentionDays: stored.retentionDays,
    createdAt: isoTime(stored.createdAtMs),
    updatedAt: isoTime(stored.updatedAtMs),
  };
  if (stored.type === 'manual') return { ...base, type: 'manual', urls: stored.urls };
  if (stored.video) return { ...base, ...stored.video, type: 'video', profileId: stored.profileId };
  return {
    ...base,
    type: 'live',
    profileId: stored.profileId ?? '',
    dvr: stored.dvr,
    recording: stored.recording,
    captions: stored.captions,
    recorded: context.recorded,
    state: stored.state,
    broadcast: context.broadcast ? viewBroadcast(context.broadcast) : null,
    ...(context.mayPublish && { ingest: viewIngest(stored, addresses), lastFailure: context.failure }),
  };
}

/** Another address with each poster: pages that show it notice, and caches cannot have it yet. */
function viewThumbnail(entryId: string, posterVersion: string | undefined): string {
  return paths.thumbnail(entryId) + (posterVersion === undefined ? '' : `?v=${posterVersion}`);
}

export function viewBroadcast(broadcast: StoredBroadcast): Broadcast {
  return {
    id: broadcast.id,
    startedAt: isoTime(broadcast.startedAtMs),
    endedAt: broadcast.endedAtMs === null ? null : isoTime(broadcast.endedAtMs),
    interruptedAt: broadcast.interruptedAtMs === null ? null : isoTime(broadcast.interruptedAtMs),
  };
}

function viewPlayback({ id, type, urls }: StoredEntry, publicUrl: string): Playback {
  const pages = { embed: absoluteUrl(publicUrl, paths.embed(id)), watch: absoluteUrl(publicUrl, paths.watch(id)) };
  if (type === 'manual') {
    const { hls = null, dash = null, hds = null, mss = null } = urls;
    return { hls, dash, hds, mss, whep: null, ...pages };
  }
  return {
    hls: absoluteUrl(publicUrl, paths.hls(id)),
    dash: absoluteUrl(publicUrl, paths.dash(id)),
    hds: absoluteUrl(publicUrl, paths.hds(id)),
    mss: absoluteUrl(publicUrl, paths.mss(id)),
    whep: null,
    ...pages,
  };
}

/** How encoders and browsers publish to a live entry. */
export function viewIngest(
  { id, ingest }: StoredEntry,
  { publicUrl, rtmpPort, rtmpsPort, rtspPort, announcedAddress }: Addresses,
): Ingest {
  const host = inUrl(announcedAddress);
  const rtmp = `rtmp://${host}:${rtmpPort}/live`;
  const rtmps = `rtmps://${host}:${rtmpsPort}/live`;
  return {
    streamName: `${id}_%i`,
    username: ingest.username,
    password: ingest.password,
    primaryUrl: `${rtmp}?token=${ingest.password}`,
    backupUrl: `${rtmp}?i=1&token=${ingest.password}`,
    securePrimaryUrl: `${rtmps}?token=${ingest.password}`,
    secureBackupUrl: `${rtmps}?i=1&token=${ingest.password}`,
    loginUrl: `${rtmp}?auth=adobe`,
    backupLoginUrl: `${rtmp}?i=1&auth=adobe`,
    secureLoginUrl: `${rtmps}?auth=adobe`,
    secureBackupLoginUrl: `${rtmps}?i=1&auth=adobe`,
    rtspUrl: `rtsp://${host}:${rtspPort}/live/${id}_1`,
    rtspBackupUrl: `rtsp://${host}:${rtspPort}/live/${id}_1?i=1`,
    whipUrl: absoluteUrl(publicUrl, paths.whip(id)),
    whipBackupUrl: `${absoluteUrl(publicUrl, paths.whip(id))}?i=1`,
    whipToken: ingest.whipToken,
    expiresAt: ingest.expiresAtMs === null ? null : isoTime(ingest.expiresAtMs),
  };
}

/** IPv6 addresses stand in brackets. RFC 3986 3.2.2 */
function inUrl(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}

function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
