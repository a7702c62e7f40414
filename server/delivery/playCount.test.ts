import { describe, expect, it } from 'vitest';
import { isView } from './isView.ts';
import { PlayCount } from './playCount.ts';

const minuteMs = 60_000;

describe('counting plays', () => {
  it('counts a viewer once, however long they watch', () => {
    let nowMs = 0;
    const plays = new PlayCount(() => nowMs);
    for (; nowMs < 120 * minuteMs; nowMs += 2000) plays.saw('0_a', 'ada', 'home');
    plays.saw('0_a', 'bob', 'home');
    plays.saw('0_b', 'ada', 'home');
    expect([...plays.take()]).toEqual([
      ['0_a', 2],
      ['0_b', 1],
    ]);
    expect(plays.take().size).toBe(0);
  });

  it('counts again who comes back after half an hour', () => {
    let nowMs = 0;
    const plays = new PlayCount(() => nowMs);
    plays.saw('0_a', 'ada', 'home');
    nowMs = 29 * minuteMs;
    plays.saw('0_a', 'ada', 'home');
    nowMs += 31 * minuteMs;
    plays.sweep();
    plays.saw('0_a', 'ada', 'home');
    expect(plays.take().get('0_a')).toBe(2);
  });

  it('keeps what could not be stored', () => {
    const plays = new PlayCount(() => 0);
    plays.saw('0_a', 'ada', 'home');
    const taken = plays.take();
    plays.saw('0_a', 'bob', 'home');
    plays.giveBack(taken);
    expect(plays.take().get('0_a')).toBe(2);
  });

  it('stays within bounds whoever comes', () => {
    const plays = new PlayCount(() => 0, 10);
    for (let client = 0; client < 1000; client++) plays.saw('0_a', `client ${client}`, `block ${client}`);
    expect(plays.take().get('0_a')).toBe(10);
  });

  it('counts so many of one network, whatever they call themselves, and the others all the same', () => {
    let nowMs = 0;
    const plays = new PlayCount(() => nowMs);
    for (let agent = 0; agent < 1000; agent++) plays.saw('0_a', `agent ${agent}`, '203.0.113.5');
    plays.saw('0_a', 'ada', '198.51.100.7');
    expect(plays.take().get('0_a')).toBe(101);
    // Who is counted is so for every entry.
    plays.saw('0_b', 'agent 3', '203.0.113.5');
    plays.saw('0_b', 'agent 300', '203.0.113.5');
    expect(plays.take().get('0_b')).toBe(1);
    nowMs = 31 * minuteMs;
    plays.sweep();
    plays.saw('0_a', 'agent 300', '203.0.113.5');
    expect(plays.take().get('0_a')).toBe(1);
  });

  it('is not of those who look after it in the studio', () => {
    const asked = (referer: string | undefined, host = 'live.example:8080') =>
      isView({ method: 'GET', headers: { host, referer } } as never);
    expect(asked(undefined)).toBe(true);
    expect(asked('http://live.example:8080/watch/0_a')).toBe(true);
    expect(asked('http://live.example:8080/embed/0_a?engine=hlsjs')).toBe(true);
    expect(asked('http://live.example:8080/embed/0_a?preview=1')).toBe(false);
    expect(asked('http://live.example:8080/entries/0_a/clip')).toBe(false);
    expect(asked('https://a-customer.example/entries/1')).toBe(true);
    expect(asked('https://a-customer.example/')).toBe(true);
    // A site of somebody's at the same host.
    expect(asked('http://live.example:8080/blog?preview=1')).toBe(true);
    expect(asked('http:')).toBe(true);
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
