import { z } from 'zod';

/** One rendition made by the transcoder. Width and height bound the picture; the source's shape is kept, never upscaled. */
export const flavorSchema = z.object({
  name: z.string().trim().min(1).max(60),
  /** Pixels; 0 follows from the other and the source's shape. */
  width: z.int().min(0).max(3840),
  height: z.int().min(0).max(2160),
  videoBitrateKbps: z.int().min(50).max(20000),
  h264Profile: z.enum(['baseline', 'main', 'high']),
});
export type Flavor = z.infer<typeof flavorSchema>;

/** What becomes of a source: it is kept, as it is where its codec allows, and each flavor is made besides. */
export const profileSchema = z.object({
  id: z.string(),
  name: z.string().trim().min(1).max(80),
  description: z.string().max(1000),
  builtIn: z.boolean(),
  /** The profile of an entry that names none. Exactly one has it. */
  isDefault: z.boolean(),
  /** Viewers get it, and clips are cut of it. Without flavors it is kept in any case. */
  keepsSource: z.boolean(),
  flavors: z.array(flavorSchema).max(6),
  audioBitrateKbps: z.int().min(32).max(320),
});
export type Profile = z.infer<typeof profileSchema>;
