import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTaskCommand, FfmpegTasks, type FfmpegTask, type FfmpegTaskError } from './ffmpegTask.ts';
import { buildArguments } from './process.ts';

const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray'];
const frames = (count: number): Buffer => Buffer.alloc(16 * 16 * count, 128);
const rawInput = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', '16x16', '-r', '25'];
const endless = { args: ['-re', '-f', 'lavfi'], from: 'testsrc2=s=64x64' };

const copy: FfmpegTask = {
  inputs: [{ args: rawInput, from: frames(10) }],
  outputs: [{ args: raw, to: { maxBytes: 100_000 } }],
  deadlineMs: 20_000,
};

let directory: string;
const tasks = new FfmpegTasks({ ffmpegPath: 'ffmpeg', running: 2, waiting: 1 });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tallylight-task-'));
});

afterAll(async () => {
  await tasks.close();
  await rm(directory, { recursive: true, force: true });
});

const failureOf = (run: Promise<unknown>): Promise<FfmpegTaskError> =>
  run.then(
    () => Promise.reject(new Error('it ran')),
    (error: unknown) => error as FfmpegTaskError,
  );

describe('a task', () => {
  it('turns bytes into bytes', async () => {
    const [bytes] = await tasks.run(copy);
    expect(bytes).toEqual(frames(10));
  });

  it('reads several pipes, and writes a file, a stream and bytes at once', async () => {
    const streamed: Buffer[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        streamed.push(chunk);
        done();
      },
    });
    const file = join(directory, 'a: b.raw');
    const bytes = await tasks.run({
      ...copy,
      inputs: [...copy.inputs, { args: rawInput, from: () => Readable.from([frames(2), frames(1)]) }],
      outputs: [
        { args: ['-map', '0:v', ...raw], to: { file } },
        { args: ['-map', '1:v', ...raw], to: { stream } },
        { args: ['-map', '1:v', ...raw], to: { maxBytes: 1000 } },
      ],
    });
    expect(bytes).toEqual([frames(3)]);
    expect(Buffer.concat(streamed)).toEqual(frames(3));
    expect(await readFile(file)).toEqual(frames(10));
  });

  it('may end before it has read its input', async () => {
    const input = new PassThrough();
    input.write(frames(40));
    const [bytes] = await tasks.run({
      ...copy,
      inputs: [{ args: rawInput, from: () => input }],
      outputs: [{ args: ['-frames:v', '1', ...raw], to: { maxBytes: 1000 } }],
    });
    expect(bytes).toEqual(frames(1));
    expect(input.destroyed).toBe(true);
  });

  it('says what ffmpeg said when it fails', async () => {
    const error = await failureOf(
      tasks.run({ ...copy, inputs: [{ args: ['-f', 'mp4'], from: Buffer.from('not a film at all') }] }),
    );
    expect(error.failure).toBe('failed');
    expect(error.message).toMatch(/moov|Invalid data/);
  });

  it('fails when its input cannot be read, its output is too large, or nobody takes it', async () => {
    const broken = () => new Readable({ read() {}, construct: (done) => done(new Error('the disk is gone')) });
    await expect(tasks.run({ ...copy, inputs: [{ args: rawInput, from: broken }] })).rejects.toThrow(
      'the disk is gone',
    );
    const small = { ...copy, outputs: [{ args: raw, to: { maxBytes: 300 } }] };
    expect((await failureOf(tasks.run(small))).failure).toBe('tooLarge');
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('nobody listens')) });
    await expect(tasks.run({ ...copy, outputs: [{ args: raw, to: { stream } }] })).rejects.toThrow('nobody listens');
  });

  it('ends at its deadline and when it is aborted', async () => {
    const late = tasks.run({ ...copy, inputs: [endless], deadlineMs: 300 });
    expect((await failureOf(late)).failure).toBe('deadline');
    const abort = new AbortController();
    const aborted = tasks.run({ ...copy, inputs: [endless], signal: abort.signal });
    abort.abort(new Error('not wanted any more'));
    await expect(aborted).rejects.toThrow('not wanted any more');
  });

  it('tells how far it is', async () => {
    const abort = new AbortController();
    const positionMs = await new Promise<number>((resolve) => {
      const onProgress = ({ outTimeMs }: { outTimeMs: number }) => outTimeMs > 0 && resolve(outTimeMs);
      const outputs = [{ args: ['-f', 'null'], to: { maxBytes: 1 } }];
      tasks.run({ ...copy, inputs: [endless], outputs, signal: abort.signal, onProgress }).catch(() => undefined);
    });
    abort.abort();
    expect(positionMs).toBeGreaterThan(0);
  });

  it('says so when there is no ffmpeg', async () => {
    const without = new FfmpegTasks({ ffmpegPath: join(directory, 'none'), running: 2 });
    expect((await failureOf(without.run(copy))).message).toMatch('did not start');
    await without.close();
  });

  it('keeps values with spaces in one piece', () => {
    const task = { ...copy, outputs: [{ args: ['-an', '-metadata', 'title=two words'], to: { file: '/x y' } }] };
    expect(buildArguments(buildTaskCommand(task)).slice(-3)).toEqual(['-metadata', 'title=two words', 'file:/x y']);
  });
});

describe('tasks', () => {
  it('refuse what would wait behind too many', async () => {
    const abort = new AbortController();
    const run = () => tasks.run({ ...copy, inputs: [endless], signal: abort.signal }).catch(() => undefined);
    const three = [run(), run(), run()];
    expect((await failureOf(tasks.run(copy))).failure).toBe('overloaded');
    abort.abort();
    await Promise.all(three);
  });

  it('end what runs when they are closed', async () => {
    const closing = new FfmpegTasks({ ffmpegPath: 'ffmpeg', running: 2 });
    const running = failureOf(closing.run({ ...copy, inputs: [endless] }));
    await closing.close();
    expect((await running).failure).toBe('closed');
    expect((await failureOf(closing.run(copy))).failure).toBe('closed');
    await closing.close();
  });
});
