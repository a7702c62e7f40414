import { describe, expect, it } from 'vitest';
import { isView } from './isView.ts';
import { PlayCount } from './playCount.ts';

const minuteMs = 60_000;

describe('counting plays', () => {
  it('counts a viewer once, however long they watch', () => {
    let nowMs = 0;
    const plays = new PlayCount(() => nowMs);
    for (; nowMs < 120 * minuteMs; nowMs += 2000) plays.saw('0_a', 'ada');
    plays.saw('0_a', 'bob');
    plays.saw('0_b', 'ada');
    expect([...plays.take()]).toEqual([
      ['0_a', 2],
      ['0_b', 1],
    ]);
    expect(plays.take().size).toBe(0);
  });

  it('counts again who comes back after half an hour', () => {
    let nowMs = 0;
    const plays = new PlayCount(() => nowMs);
    plays.saw('0_a', 'ada');
    nowMs = 29 * minuteMs;
    plays.saw('0_a', 'ada');
    nowMs += 31 * minuteMs;
    plays.sweep();
    plays.saw('0_a', 'ada');
    expect(plays.take().get('0_a')).toBe(2);
  });

  it('keeps what could not be stored', () => {
    const plays = new PlayCount(() => 0);
    plays.saw('0_a', 'ada');
    const taken = plays.take();
    plays.saw('0_a', 'bob');
    plays.giveBack(taken);
    expect(plays.take().get('0_a')).toBe(2);
  });

  it('stays within bounds whoever comes', () => {
    const plays = new PlayCount(() => 0, 10);
    for (let client = 0; client < 1000; client++) plays.saw('0_a', `client ${client}`);
    expect(plays.take().get('0_a')).toBe(10);
  });

  it('is of those who watch, not of machines that look', () => {
    const asked = (method: string, agent?: string) => isView({ method, headers: { 'user-agent': agent } } as never);
    expect(asked('GET', 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36')).toBe(true);
    expect(asked('GET', 'AppleCoreMedia/1.0.0.21A360 (iPhone; U; CPU OS 17_0_3 like Mac OS X)')).toBe(true);
    expect(asked('GET', 'Lavf/59.27.100')).toBe(true);
    expect(asked('GET')).toBe(true);
    expect(asked('HEAD', 'Mozilla/5.0')).toBe(false);
    expect(asked('GET', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)')).toBe(false);
    expect(asked('GET', 'facebookexternalhit/1.1')).toBe(false);
    expect(asked('GET', 'Slackbot-LinkExpanding 1.0')).toBe(false);
  });
});
