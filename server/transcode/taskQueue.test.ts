import { describe, expect, it } from 'vitest';
import { QueueFullError, TaskQueue } from './taskQueue.ts';

describe('TaskQueue', () => {
  it('lets as many run as it has places, and the next when one leaves', async () => {
    const queue = new TaskQueue({ running: 2, waiting: 10 });
    const leave = await queue.enter('quick');
    await queue.enter('quick');
    let entered = false;
    const third = queue.enter('quick').then(() => (entered = true));
    await Promise.resolve();
    expect(entered).toBe(false);
    leave();
    leave();
    await third;
    expect(entered).toBe(true);
  });

  it('keeps a place for quick tasks, and lets them go first', async () => {
    const queue = new TaskQueue({ running: 2, waiting: 10 });
    const order: string[] = [];
    const leaveLong = await queue.enter('long');
    const secondLong = queue.enter('long').then((leave) => {
      order.push('long');
      return leave;
    });
    const leaveQuick = await queue.enter('quick');
    const secondQuick = queue.enter('quick').then(() => order.push('quick'));
    leaveQuick();
    await secondQuick;
    leaveLong();
    await secondLong;
    expect(order).toEqual(['quick', 'long']);
  });

  it('lets a cut run beside quick tasks that hold all places, and before those that wait', async () => {
    const queue = new TaskQueue({ running: 2, waiting: 30 });
    const [leaveQuick] = await Promise.all([queue.enter('quick'), queue.enter('quick')]);
    const order: string[] = [];
    const enter = async (kind: 'cut' | 'quick') => {
      const leave = await queue.enter(kind);
      order.push(kind);
      return leave;
    };
    const waiting = Array.from({ length: 24 }, () => enter('quick'));
    const leaveCut = await enter('cut');
    const secondCut = enter('cut');
    // The place beside is one only, and quick tasks do not get it.
    leaveCut();
    await secondCut;
    leaveQuick();
    expect(order).toEqual(['cut', 'cut']);
    (await secondCut)();
    await waiting[0];
    expect(order).toEqual(['cut', 'cut', 'quick']);
  });

  it('refuses what would wait too long', async () => {
    const queue = new TaskQueue({ running: 2, waiting: 1 });
    await Promise.all([queue.enter('quick'), queue.enter('quick')]);
    queue.enter('quick').catch(() => undefined);
    await expect(queue.enter('quick')).rejects.toBeInstanceOf(QueueFullError);
    const long = queue.enter('long');
    queue.close(new Error('closed'));
    await expect(long).rejects.toThrow('closed');
  });

  it('forgets who gave up waiting', async () => {
    const queue = new TaskQueue({ running: 2, waiting: 1 });
    const [leave] = await Promise.all([queue.enter('quick'), queue.enter('quick')]);
    const abort = new AbortController();
    const given = queue.enter('quick', abort.signal);
    abort.abort(new Error('gone'));
    await expect(given).rejects.toThrow('gone');
    const next = queue.enter('quick');
    leave();
    await next;
    await expect(queue.enter('quick', abort.signal)).rejects.toThrow('gone');
  });

  it('refuses those who wait and who come when it is closed', async () => {
    const queue = new TaskQueue({ running: 2, waiting: 4 });
    await Promise.all([queue.enter('quick'), queue.enter('quick')]);
    const waiting = queue.enter('quick');
    queue.close(new Error('stopping'));
    await expect(waiting).rejects.toThrow('stopping');
    await expect(queue.enter('quick')).rejects.toThrow('stopping');
  });
});
