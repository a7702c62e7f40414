import type { EncoderSettings } from '../../../shared/model/encoderSettings.ts';

/** The fields of a dialog as a text file, a line each. */
export function settingsFile(
  name: string,
  title: string,
  fields: EncoderSettings['fields'],
): EncoderSettings['files'][number] {
  const lines = fields.map(({ label, value }) => `${label}: ${value}`);
  // Encoders of this kind run on Windows.
  return { name, mediaType: 'text/plain', text: [title, '', ...lines, ''].join('\r\n') };
}
