import { z } from 'zod';
import { captionSettingsSchema } from './captions.ts';
import { entryStateSchema } from './state.ts';

/** `0_` and eight characters of `[a-z0-9]`. */
export const entryIdSchema = z
  .string()
  .regex(/^0_[a-z0-9]{8}$/, 'An entry id is 0_ and eight characters of a-z and 0-9.');

export const entryNameSchema = z
  .string()
  .trim()
  .min(5, 'The name needs at least 5 characters.')
  .max(200, 'The name may have at most 200 characters.');
export const entryDescriptionSchema = z.string().max(5000, 'The description may have at most 5000 characters.');
export const entryTagsSchema = z.array(z.string().trim().min(1).max(60)).max(50);

/** `windowMinutes` is how far back viewers can go while it is enabled: up to two hours. */
export const dvrSchema = z.object({ enabled: z.boolean(), windowMinutes: z.int().min(1).max(120) });
export type Dvr = z.infer<typeof dvrSchema>;

export const recordingSchema = z.enum(['off', 'append', 'perSession']);
export type Recording = z.infer<typeof recordingSchema>;

/** What an encoder needs. `streamName` ends in `_%i`: encoders that do not expand it publish `_1`, `_2` … */
export const ingestSchema = z.object({
  streamName: z.string(),
  username: z.string(),
  password: z.string(),
  primaryUrl: z.string(),
  backupUrl: z.string(),
  securePrimaryUrl: z.string().nullable(),
  secureBackupUrl: z.string().nullable(),
  /** Without the key: who publishes there is asked for user name and password. */
  loginUrl: z.string(),
  backupLoginUrl: z.string(),
  secureLoginUrl: z.string().nullable(),
  secureBackupLoginUrl: z.string().nullable(),
  rtspUrl: z.string().nullable(),
  rtspBackupUrl: z.string().nullable(),
  whipUrl: z.string(),
  whipBackupUrl: z.string(),
  whipToken: z.string(),
  /** From then on password and token open nothing; null for never. */
  expiresAt: z.iso.datetime().nullable(),
});
export type Ingest = z.infer<typeof ingestSchema>;

/** Addresses for viewers; null where this server (or a manual entry) has no such format. */
export const playbackSchema = z.object({
  hls: z.string().nullable(),
  dash: z.string().nullable(),
  hds: z.string().nullable(),
  mss: z.string().nullable(),
  whep: z.string().nullable(),
  embed: z.string(),
  watch: z.string(),
});
export type Playback = z.infer<typeof playbackSchema>;

/** ffmpeg's last words when it had to be started again. */
export const transcodeFailureSchema = z.object({
  at: z.iso.datetime(),
  message: z.string(),
  lines: z.array(z.string()),
});
export type TranscodeFailure = z.infer<typeof transcodeFailureSchema>;

/** From the first byte of a publisher to the end of the reconnect window. */
export const broadcastSchema = z.object({
  id: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  /** When the publisher dropped, while it is being waited for. */
  interruptedAt: z.iso.datetime().nullable(),
});
export type Broadcast = z.infer<typeof broadcastSchema>;

/** Null: kept until it is deleted. */
export const retentionDaysSchema = z.int().min(1).max(3650).nullable();

const entryBase = {
  id: entryIdSchema,
  name: entryNameSchema,
  description: z.string(),
  tags: z.array(z.string()),
  playback: playbackSchema,
  /** Address of its picture; `?t=<ms>&width=` give another moment and size. */
  thumbnail: z.string(),
  /** Name or e-mail address of who made it; null where nobody did, or it is not known. */
  createdBy: z.string().nullable(),
  /** Views so far; each viewer counts once in a while. */
  plays: z.number(),
  /** Bytes of the media it holds, and of those the ones that other entries hold as well. */
  sizeBytes: z.number(),
  sharedBytes: z.number(),
  /** A video is deleted this many days after it was complete; a live entry's recordings begin with its value. */
  retentionDays: retentionDaysSchema,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
};

/** What is kept of a live entry's broadcasts. */
export const recordedSchema = z.object({
  /** The recorded entry: what the entry's addresses play when it is not on air. */
  entryId: entryIdSchema.nullable(),
  /** It grows with the broadcast that is on. */
  active: z.boolean(),
  /** Why a broadcast that should be recorded is not, for people. */
  notice: z.string().nullable(),
});
export type Recorded = z.infer<typeof recordedSchema>;

export const liveEntrySchema = z.object({
  ...entryBase,
  type: z.literal('live'),
  profileId: z.string(),
  dvr: dvrSchema,
  recording: recordingSchema,
  captions: captionSettingsSchema,
  /** Null when neither the running broadcast nor the last one is recorded. */
  recorded: recordedSchema.nullable(),
  state: entryStateSchema,
  /** The running broadcast, or the last one. */
  broadcast: broadcastSchema.nullable(),
  /** Only for those who may publish to the entry. */
  ingest: ingestSchema.optional(),
  lastFailure: transcodeFailureSchema.nullable().optional(),
});
export type LiveEntry = z.infer<typeof liveEntrySchema>;

const manualUrlSchema = z
  .url({ protocol: /^https?$/, error: 'An http:// or https:// address is needed.' })
  .max(2000)
  .optional();

export const manualUrlsSchema = z
  .object({ hls: manualUrlSchema, dash: manualUrlSchema, hds: manualUrlSchema, mss: manualUrlSchema })
  .refine((urls) => Object.values(urls).some(Boolean), 'Give at least one address.');

/** A stream that is served elsewhere; it has no ingest, DVR or recording here. */
export const manualEntrySchema = z.object({ ...entryBase, type: z.literal('manual'), urls: manualUrlsSchema });
export type ManualEntry = z.infer<typeof manualEntrySchema>;

export const videoOriginSchema = z.enum(['recording', 'clip', 'upload']);
export type VideoOrigin = z.infer<typeof videoOriginSchema>;

/** `recording`: it grows with a broadcast that is on. `processing`: it is being made, see `progress`. */
export const videoStatusSchema = z.enum(['recording', 'processing', 'ready', 'failed']);
export type VideoStatus = z.infer<typeof videoStatusSchema>;

/** Media with a beginning and an end: what was recorded, cut out or uploaded. */
export const videoEntrySchema = z.object({
  ...entryBase,
  type: z.literal('video'),
  origin: videoOriginSchema,
  status: videoStatusSchema,
  /** 0 to 1 while it is being processed, where that is known. */
  progress: z.number().min(0).max(1).nullable(),
  /** What went wrong, for people. */
  failure: z.string().nullable(),
  durationMs: z.int().min(0),
  /** What it was made of, and where that began; they may have been deleted since. */
  sourceEntryId: entryIdSchema.nullable(),
  rootEntryId: entryIdSchema.nullable(),
  /** It plays only a part of what it holds; that can be undone. */
  trimmed: z.boolean(),
  profileId: z.string().nullable(),
});
export type VideoEntry = z.infer<typeof videoEntrySchema>;

/** What is known of videos and of no other entries. */
export type VideoFacts = Readonly<
  Pick<
    VideoEntry,
    'origin' | 'status' | 'progress' | 'failure' | 'durationMs' | 'sourceEntryId' | 'rootEntryId' | 'trimmed'
  >
>;

export const entrySchema = z.discriminatedUnion('type', [liveEntrySchema, manualEntrySchema, videoEntrySchema]);
export type Entry = z.infer<typeof entrySchema>;
