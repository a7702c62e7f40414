import { z } from 'zod';
import { healthSampleSchema } from './health.ts';

/** The main encoder, or the one that stands by for it. */
export const sourceRoleSchema = z.enum(['primary', 'backup']);
export type SourceRole = z.infer<typeof sourceRoleSchema>;

/** `waiting`: let in, but its tracks are not known yet. `standby`: sound, but another one is on air. */
export const sourceStateSchema = z.enum(['waiting', 'standby', 'onAir', 'stalled']);
export type SourceState = z.infer<typeof sourceStateSchema>;

/** One publisher of an entry, as the server sees it now. */
export const ingestSourceSchema = z.object({
  /** `<n>` of the stream name. */
  index: z.number(),
  role: sourceRoleSchema,
  state: sourceStateSchema,
  remoteAddress: z.string(),
  connectedAt: z.iso.datetime(),
  protocol: healthSampleSchema.shape.protocol,
  /** Null while it is waiting. */
  health: healthSampleSchema.nullable(),
});
export type IngestSource = z.infer<typeof ingestSourceSchema>;

const ingestEventKindSchema = z.enum([
  'connected',
  'refused',
  'onAir',
  'switched',
  'stalled',
  'lost',
  'tracksChanged',
  'transcoderRestarted',
  'interrupted',
  'ended',
  'recordingStarted',
  'recordingStopped',
]);

/** Something that happened to an entry's ingest; the message is for people. */
export const ingestEventSchema = z.object({
  at: z.iso.datetime(),
  kind: ingestEventKindSchema,
  message: z.string(),
});
export type IngestEvent = z.infer<typeof ingestEventSchema>;
