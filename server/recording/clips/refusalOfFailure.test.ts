import { expect, it } from 'vitest';
import { refuse, RefusedError } from '../../errors.ts';
import { FfmpegTaskError } from '../../transcode/ffmpegTask.ts';
import { refusalOfFailure } from './refusalOfFailure.ts';

const going = new AbortController().signal;
const codeOf = (error: unknown, signal = going) => refusalOfFailure(error, signal).refused;

it('tells a source that has gone from a server that is busy, and from what nobody expected', () => {
  expect(codeOf(new RefusedError(refuse('segmentNotFound')))).toBe('clipSourceGone');
  expect(codeOf(Object.assign(new Error('no such file'), { code: 'ENOENT' }))).toBe('clipSourceGone');
  expect(codeOf(new FfmpegTaskError('overloaded', 'too many tasks are waiting'))).toBe('overloaded');
  expect(codeOf(new FfmpegTaskError('closed', 'the server is stopping'))).toBe('overloaded');
  expect(codeOf(new FfmpegTaskError('failed', 'no such encoder'))).toBe('clipFailed');
  expect(codeOf(new Error('a bug'))).toBe('clipFailed');
});

it('says why it was stopped, whatever the stopping broke', () => {
  const stopped = AbortSignal.abort(new RefusedError(refuse('clipSourceGone')));
  expect(codeOf(new Error('broken pipe'), stopped)).toBe('clipSourceGone');
  expect(codeOf(new Error('broken pipe'), AbortSignal.abort(new Error('the server is stopping')))).toBe('clipFailed');
});
