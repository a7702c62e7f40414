import { z } from 'zod';

/** CC1 to CC4 are those of line 21 (CEA-608), services are digital ones (CEA-708). */
const captionChannelSchema = z
  .string()
  .regex(/^(?:CC[1-4]|SERVICE(?:[1-9]|[1-5]\d|6[0-3]))$/, 'A channel is CC1 to CC4 or SERVICE1 to SERVICE63.');

const captionLanguageSchema = z
  .string()
  .trim()
  .max(35)
  .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'Give a language code, such as en or pt-BR.');

const captionLabelSchema = z
  .string()
  .trim()
  .min(1, 'Give a name for the menu.')
  .max(60, 'The name may have at most 60 characters.')
  .regex(/^[^"\p{Cc}]*$/u, 'The name may not contain quotation marks.');

/** What viewers are told of one channel. */
export const captionServiceSchema = z.object({
  channel: captionChannelSchema,
  language: captionLanguageSchema,
  label: captionLabelSchema,
});
export type CaptionService = z.infer<typeof captionServiceSchema>;

/**
 * Captions that come with the source. `auto`: announced once they are seen; `on`: those listed here from the beginning,
 * seen or not; `off`: never. What is seen and not listed is announced by the name of its channel.
 */
export const captionSettingsSchema = z.object({
  mode: z.enum(['auto', 'on', 'off']),
  channels: z
    .array(captionServiceSchema)
    .max(8, 'At most eight channels.')
    .refine(
      (channels) => new Set(channels.map(({ channel }) => channel)).size === channels.length,
      'Name each channel once.',
    ),
});
export type CaptionSettings = z.infer<typeof captionSettingsSchema>;

export const defaultCaptions: CaptionSettings = {
  mode: 'auto',
  channels: [{ channel: 'CC1', language: 'en', label: 'English' }],
};
