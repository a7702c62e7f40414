import { describe, expect, it } from 'vitest';
import { ConnectionCount } from './connectionCount.ts';

function counting(limits: { connections: number; connectionsPerAddress: number }) {
  const count = new ConnectionCount(limits);
  const dropped: string[] = [];
  const take = (address: string, name = address) => count.take(address, () => dropped.push(name));
  const isFull = (address: string) => {
    const place = take(address);
    place?.leave();
    return place === undefined;
  };
  return { count, dropped, take, isFull };
}

describe('ConnectionCount', () => {
  it('has places for so many of one address, and room again when one has left', () => {
    const { count, take, isFull } = counting({ connections: 10, connectionsPerAddress: 2 });
    const first = take('192.0.2.1');
    take('192.0.2.1');
    expect([isFull('192.0.2.1'), isFull('192.0.2.2'), count.total]).toEqual([true, false, 2]);
    first?.leave();
    first?.leave();
    expect([isFull('192.0.2.1'), count.total]).toEqual([false, 1]);
  });

  it('has places for so many of all addresses together', () => {
    const { take, isFull } = counting({ connections: 3, connectionsPerAddress: 2 });
    const places = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => take(address));
    expect(isFull('192.0.2.4')).toBe(true);
    places[0]?.leave();
    expect(isFull('192.0.2.4')).toBe(false);
  });

  it('takes an IPv6 network for one address, and an IPv4 address for the same in IPv6', () => {
    const { take, isFull } = counting({ connections: 10, connectionsPerAddress: 2 });
    take('2001:db8::1');
    take('2001:db8::2');
    expect([isFull('2001:db8::3'), isFull('2001:db8:0:1::1')]).toEqual([true, false]);
    take('192.0.2.1');
    take('::ffff:192.0.2.1');
    expect(isFull('192.0.2.1')).toBe(true);
  });

  it('gives the place of the oldest that yields to another one, of the same address where that is full', () => {
    const { count, dropped, take, isFull } = counting({ connections: 4, connectionsPerAddress: 2 });
    take('192.0.2.9', 'elsewhere')?.yields();
    take('192.0.2.1', 'publishing');
    take('192.0.2.1', 'held')?.yields();
    expect([take('192.0.2.1', 'next') !== undefined, dropped, count.total]).toEqual([true, ['held'], 3]);
    expect(isFull('192.0.2.1')).toBe(true);
    take('192.0.2.2');
    expect([take('192.0.2.3') !== undefined, dropped, count.total]).toEqual([true, ['held', 'elsewhere'], 4]);
    expect(isFull('192.0.2.4')).toBe(true);
  });

  it('does not drop what goes on', () => {
    const { take, isFull } = counting({ connections: 4, connectionsPerAddress: 1 });
    const place = take('192.0.2.1');
    place?.yields();
    place?.stays();
    expect(isFull('192.0.2.1')).toBe(true);
  });

  it('does not drop what has left', () => {
    const { dropped, take, isFull } = counting({ connections: 4, connectionsPerAddress: 1 });
    const place = take('192.0.2.1');
    place?.leave();
    place?.yields();
    take('192.0.2.1');
    expect([isFull('192.0.2.1'), dropped]).toEqual([true, []]);
  });
});
