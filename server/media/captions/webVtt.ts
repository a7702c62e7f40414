import type { Cue } from './cue.ts';

/**
 * A segment of WebVTT whose times are those of the media it belongs to (RFC 8216 3.5). Players count the media's times
 * in 90 kHz, so 0 is 0.
 */
export function webVtt(cues: readonly Cue[], timescale: number): string {
  const time = (ticks: number) => formatTime(Math.round((ticks * 1000) / timescale));
  const blocks = cues.flatMap(({ startTicks, endTicks, blocks }) =>
    blocks.map(({ settings, text }) => {
      const timing = `${time(startTicks)} --> ${time(endTicks)}`;
      return `${settings === '' ? timing : `${timing} ${settings}`}\n${text}\n`;
    }),
  );
  return ['WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n', ...blocks].join('\n');
}

function formatTime(ms: number): string {
  const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
  const seconds = Math.floor(ms / 1000);
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.${pad(ms % 1000, 3)}`;
}
