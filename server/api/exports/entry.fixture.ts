import { builtInProfiles } from '../../catalog/builtInProfiles.ts';
import type { ExportedEntry } from './exportedEntry.ts';
import { suggestedStreams } from './suggestedStreams.ts';

const id = '0_abcdefgh';
const password = 'pa55w0rd';
const query = `token=${password}`;

const streamsOf = (profileId: string) =>
  suggestedStreams(builtInProfiles.find((profile) => profile.id === profileId) ?? { flavors: [] });

export const cloudEntry: ExportedEntry = {
  id,
  name: 'Morning show',
  ingest: {
    streamName: `${id}_%i`,
    username: id,
    password,
    primaryUrl: `rtmp://live.example.org:1935/live?${query}`,
    backupUrl: `rtmp://live.example.org:1935/live?i=1&${query}`,
    securePrimaryUrl: `rtmps://live.example.org:1936/live?${query}`,
    secureBackupUrl: `rtmps://live.example.org:1936/live?i=1&${query}`,
    loginUrl: 'rtmp://live.example.org:1935/live?auth=adobe',
    backupLoginUrl: 'rtmp://live.example.org:1935/live?i=1&auth=adobe',
    secureLoginUrl: 'rtmps://live.example.org:1936/live?auth=adobe',
    secureBackupLoginUrl: 'rtmps://live.example.org:1936/live?i=1&auth=adobe',
    rtspUrl: `rtsp://live.example.org:8554/live/${id}_1`,
    rtspBackupUrl: `rtsp://live.example.org:8554/live/${id}_1?i=1`,
    whipUrl: `https://live.example.org/whip/${id}`,
    whipBackupUrl: `https://live.example.org/whip/${id}?i=1`,
    whipToken: 'whipt0ken',
    expiresAt: null,
  },
  streams: streamsOf('cloud'),
};
export const passthroughEntry: ExportedEntry = { ...cloudEntry, streams: streamsOf('passthrough') };

/** A server that takes plain RTMP and WHIP only. */
export const plainEntry: ExportedEntry = {
  ...cloudEntry,
  ingest: { ...cloudEntry.ingest, securePrimaryUrl: null, secureBackupUrl: null, rtspUrl: null, rtspBackupUrl: null },
};
