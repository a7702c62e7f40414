import type { EncoderSettings } from '../../../shared/model/encoderSettings.ts';

type Fields = EncoderSettings['fields'];

/** Many encoders refuse a certificate that nobody has signed, which a server has unless it was given one. */
export const secureAdvice = 'The encrypted address works once this server has a certificate that the encoder trusts.';

/** A field for the encrypted address, where there is one. */
export function secureField(label: string, value: string | null, secret: string | null = null): Fields {
  return value === null ? [] : [{ label, value, secret }];
}
