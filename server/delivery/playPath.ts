import type { TimeRange } from '../packaging/timeRange.ts';
import { parseTimeRange } from './parseTimeRange.ts';

/** What a URL under `/play/` asks for. */
export type PlayRequest =
  | { readonly type: 'time' }
  | {
      readonly type: 'picture';
      readonly entryId: string;
      /** `thumbnail.jpg` and the like. */
      readonly name: string;
      readonly token: string;
      readonly parameters: URLSearchParams;
    }
  | {
      readonly type: 'download';
      readonly entryId: string;
      /** `?flavor=`; undefined for the source's. */
      readonly flavor: string | undefined;
      readonly token: string;
    }
  | {
      readonly type: 'format';
      readonly entryId: string;
      readonly format: string;
      /** Below the format's folder. */
      readonly path: string;
      /** `?token=` as the client sent it, decoded; empty for none. */
      readonly token: string;
      /** `?start=&end=`; undefined for all of the timeline. */
      readonly range?: TimeRange;
      /** All of the query, where there is one. */
      readonly parameters?: URLSearchParams;
    };

const root = '/play/';
const longestPath = 256;
const longestToken = 1024;
/** No escapes: nothing that this origin serves needs them. What is below the format's folder is the packager's to judge. */
const formatPath = /^\/play\/(0_[a-z0-9]{8})\/([a-z]{1,16})\/([\w.=()-]+(?:\/[\w.=()-]+)*)$/;
const downloadPath = /^\/play\/(0_[a-z0-9]{8})\/download$/;
const longestFlavor = 16;
const picturePath = /^\/play\/(0_[a-z0-9]{8})\/(thumbnail\.jpg|storyboard\.vtt|storyboard-\d{1,8}\.jpg)$/;

export function isPlayUrl(url: string): boolean {
  return url.startsWith(root);
}

/** Decides in time bounded by the length of a header line. */
export function parsePlayUrl(url: string): PlayRequest | 'notFound' | 'badRequest' | 'invalidTimeRange' {
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  if (path === `${root}time`) return { type: 'time' };
  if (path.length > longestPath) return 'notFound';
  const picture = picturePath.exec(path);
  const download = picture ? null : downloadPath.exec(path);
  const match = picture ?? download ?? formatPath.exec(path);
  if (!match) return 'notFound';
  const query = new URLSearchParams(queryAt < 0 ? '' : url.slice(queryAt + 1));
  const token = query.get('token') ?? '';
  if (token.length > longestToken) return 'badRequest';
  if (picture) return { type: 'picture', entryId: picture[1]!, name: picture[2]!, token, parameters: query };
  if (download) {
    const flavor = query.get('flavor') ?? undefined;
    if (flavor !== undefined && flavor.length > longestFlavor) return 'badRequest';
    return { type: 'download', entryId: download[1]!, flavor, token };
  }
  const asked = { type: 'format', entryId: match[1]!, format: match[2]!, path: match[3]!, token } as const;
  if (queryAt < 0) return asked;
  const range = parseTimeRange(query);
  if (range === 'invalidTimeRange') return range;
  return { ...asked, parameters: query, ...(range && { range }) };
}
