import { refuse, type Refusal } from '../../errors.ts';

/** What a client asks of a playlist's reload (RFC 8216bis 6.2.5). */
export interface ReloadDirectives {
  /** The answer is to wait for this media sequence number. */
  readonly sequence: number | undefined;
  /** … and this part of it. */
  readonly part: number | undefined;
  /** A delta update will do. */
  readonly skip: boolean;
}

const wholeNumber = /^\d{1,15}$/;

export function parseReloadDirectives(query: URLSearchParams | undefined): ReloadDirectives | Refusal {
  const none = { sequence: undefined, part: undefined, skip: false };
  if (!query) return none;
  const [sequence, part] = [numberIn(query, '_HLS_msn'), numberIn(query, '_HLS_part')];
  if (sequence === 'invalid' || part === 'invalid') return refuse('badRequest');
  if (part !== undefined && sequence === undefined) return refuse('badRequest', '_HLS_part needs _HLS_msn beside it.');
  const skip = query.getAll('_HLS_skip');
  if (skip.length > 1 || !['YES', 'v2', undefined].includes(skip[0])) return refuse('badRequest');
  return { sequence, part, skip: skip.length > 0 };
}

function numberIn(query: URLSearchParams, name: string): number | 'invalid' | undefined {
  const values = query.getAll(name);
  if (values.length === 0) return undefined;
  return values.length === 1 && wholeNumber.test(values[0]!) ? Number(values[0]) : 'invalid';
}
