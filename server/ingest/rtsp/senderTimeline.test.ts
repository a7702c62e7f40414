import { describe, expect, it } from 'vitest';
import { SenderTimeline } from './senderTimeline.ts';

const wallMs = 1_700_000_000_000;

function place(timeline: SenderTimeline, kind: 'audio' | 'video', timestamp: number, arrivalMs: number): number {
  const { ticks } = timeline.follow(kind, timestamp >>> 0, arrivalMs);
  return timeline.place(kind, ticks);
}

describe('the time line of a sender', () => {
  it.each([
    [90_000, 2 ** 32 - 45_000],
    [48_000, 2 ** 32 - 24_000],
    [44_100, 2 ** 31 - 22_050],
  ])('goes on where timestamps at %d Hz wrap', (clockRate, start) => {
    const timeline = new SenderTimeline({ video: clockRate, audio: clockRate });
    for (let second = 0; second <= 3; second += 1)
      for (const kind of ['video', 'audio'] as const)
        expect(place(timeline, kind, start + second * clockRate, 500 + second * 1000)).toBeCloseTo(
          500 + second * 1000,
          5,
        );
  });

  it('has what the reports say belongs together, where they came before the media', () => {
    const timeline = new SenderTimeline({ video: 90_000, audio: 48_000 });
    // The wrap lies between the report and the first packet.
    timeline.report('video', 2 ** 32 - 9000, wallMs);
    timeline.report('audio', 1000, wallMs);
    expect(timeline.isAgreed).toBe(false);
    // The picture comes 300 ms late, as encoders have it.
    const sound = place(timeline, 'audio', 1000 + 4800, 100);
    const picture = place(timeline, 'video', 0, 400);
    expect(timeline.isAgreed).toBe(true);
    expect(picture - sound).toBeCloseTo(0, 5);
  });

  it('goes by the arrivals without reports, or with such as cannot be', () => {
    for (const offsetMs of [undefined, 3_600_000]) {
      const timeline = new SenderTimeline({ video: 90_000, audio: 48_000 });
      if (offsetMs !== undefined) {
        timeline.report('video', 0, wallMs);
        timeline.report('audio', 0, wallMs + offsetMs);
      }
      expect(place(timeline, 'audio', 48_000, 1000)).toBe(1000);
      expect(place(timeline, 'video', 90_000, 1070)).toBe(1070);
    }
  });

  it('follows later reports by letting a track wait, when more than 50 ms are wrong', () => {
    for (const [wrongMs, moved] of [[40, 'none'], [200, 'video'], [-200, 'audio']] as const /* prettier-ignore */) {
      const timeline = new SenderTimeline({ video: 90_000, audio: 48_000 });
      place(timeline, 'audio', 0, 1000);
      place(timeline, 'video', 0, 1000);
      timeline.report('audio', 0, wallMs);
      timeline.report('video', 0, wallMs + wrongMs);
      const sound = place(timeline, 'audio', 48_000, 2000);
      const picture = place(timeline, 'video', 90_000, 2000);
      expect([sound, picture]).toEqual([moved === 'audio' ? 2200 : 2000, moved === 'video' ? 2200 : 2000]);
    }
  });

  it('says when a track goes on elsewhere, and has it follow its arrival', () => {
    const timeline = new SenderTimeline({ video: 90_000, audio: 48_000 });
    place(timeline, 'video', 0, 1000);
    expect(timeline.follow('video', 3600, 1040).jumped).toBe(false);
    expect(timeline.follow('video', 3600 + 90_000 * 60, 61_040).jumped).toBe(false); // a pause
    expect(timeline.follow('video', 7200 + 90_000 * 60, 75_000).jumped).toBe(false); // the network stood still
    const { ticks, jumped } = timeline.follow('video', 90_000 * 3600, 75_040);
    expect(jumped).toBe(true);
    expect(timeline.place('video', ticks)).toBe(75_040);
  });
});
