import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createReport, formatDuration } from './report.mjs';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function output(isTTY: boolean) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 60 });
  return { stream, text: () => String(stream.read() ?? '') };
}

describe('a report', () => {
  it('writes a line every ten seconds into a log', () => {
    const { stream, text } = output(false);
    const report = createReport('Set-up 4 of 5: mediasoup worker', stream);
    report.progress('compiling, 3 %');
    vi.advanceTimersByTime(9_000);
    expect(text()).toBe('');
    vi.advanceTimersByTime(11_000);
    expect(text()).toBe(
      'Set-up 4 of 5: mediasoup worker … compiling, 3 %, 10 s\nSet-up 4 of 5: mediasoup worker … compiling, 3 %, 20 s\n',
    );
    report.close();
    vi.advanceTimersByTime(60_000);
    expect(text()).toBe('');
  });

  it('rewrites one line on a terminal, never wider than it is', () => {
    const { stream, text } = output(true);
    const report = createReport('Set-up 4 of 5: mediasoup worker', stream);
    report.progress('compiling, 3 % (file 10 of 279) and some more words');
    vi.advanceTimersByTime(500);
    const shown = text();
    expect(shown).not.toContain('\n');
    expect(shown.replace('\r\u001b[K', '')).toHaveLength(59);
    report.line('done');
    expect(text()).toBe('\r\u001b[Kdone\n');
    report.close();
  });
});

describe('formatDuration', () => {
  it.each([
    [40, '0.0 s'],
    [1_250, '1.3 s'],
    [12_400, '12 s'],
    [59_700, '1 min 0 s'],
    [312_000, '5 min 12 s'],
  ])('writes %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
