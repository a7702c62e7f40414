import { z } from 'zod';

/** What may be shown at once and what not: `secret` is the part to hide until it is asked for. */
const secretSchema = z.string().nullable();

/** One encoder's way to be set up for an entry, ready to copy, download or scan. */
export const encoderSettingsSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** What to do, in order. */
  steps: z.array(z.string()),
  /** What else is good to know. */
  notes: z.array(z.string()),
  /** As the encoder's own dialogs name them. */
  fields: z.array(z.object({ label: z.string(), value: z.string(), secret: secretSchema })),
  /** For a POSIX shell; each is complete. */
  commands: z.array(z.object({ label: z.string(), text: z.string(), secret: secretSchema })),
  files: z.array(z.object({ name: z.string(), mediaType: z.string(), text: z.string() })),
  /** QR codes: what they say, and their picture as an SVG document. */
  codes: z.array(z.object({ label: z.string(), text: z.string(), svg: z.string() })),
});
export type EncoderSettings = z.infer<typeof encoderSettingsSchema>;
