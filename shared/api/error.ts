import { z } from 'zod';

/** Where a request is not valid, and why. */
export const invalidFieldSchema = z.object({
  /** `dvr.windowMinutes`; empty for the body as a whole. */
  path: z.string(),
  message: z.string(),
});
export type InvalidField = z.infer<typeof invalidFieldSchema>;

/** The body of every error answer. `details` of `validationFailed` are InvalidField[]. */
export const errorAnswerSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() }),
});
