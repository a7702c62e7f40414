import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMachine } from '../machine.mjs';
import { chromiumStep } from './chromium.mjs';
import { ffmpegStep } from './ffmpeg.mjs';
import { gstreamerStep } from './gstreamer.mjs';
import { mediasoupWorkerStep } from './mediasoupWorker.mjs';
import { packagesStep } from './packages.mjs';
import { SetupError } from './setupError.mjs';

const version = '0.0.1';

/** A checkout and a PATH on which there is nothing but what the test puts there. */
function bareMachine(programs: Record<string, string> = {}, settings: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tallylight-bare-'));
  const bin = join(folder, 'bin');
  mkdirSync(join(folder, 'node_modules', 'mediasoup'), { recursive: true });
  mkdirSync(bin);
  symlinkSync('/bin/sh', join(bin, 'sh'));
  writeFileSync(join(folder, 'node_modules', 'mediasoup', 'package.json'), JSON.stringify({ version }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {} } }));
  for (const [name, script] of Object.entries(programs)) writeProgram(join(bin, name), script);
  const machine = createMachine(folder, { XDG_CACHE_HOME: join(folder, 'cache'), ...settings });
  machine.env['PATH'] = bin;
  return { machine, bin, folder };
}

function writeProgram(path: string, script: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

const says = (name: string, number: string) => `echo '${name} version ${number} Copyright'`;
const ignore = () => undefined;

describe('what cannot be had', () => {
  it.each([
    ['ffmpeg', ffmpegStep, /^ffmpeg 5\.1 or newer is needed: install it and set FFMPEG_PATH and FFPROBE_PATH to it\.$/],
    [
      'Chromium',
      chromiumStep,
      /^The browser tests need Chromium: install Chromium or Chrome and set CHROMIUM_PATH to it\.$/,
    ],
    ['GStreamer', gstreamerStep, /^The ingest tests need GStreamer .*: install gst-launch-1\.0 with [^.]+\.$/],
  ] as const)('is said in one sentence: %s', async (_, step, sentence) => {
    const { machine } = bareMachine();
    expect(await step.ready(machine)).toBeUndefined();
    const work = step.work(machine, ignore);
    await expect(work).rejects.toThrow(SetupError);
    await expect(work).rejects.toThrow(sentence);
  });

  it('is said of a setting that names something else', async () => {
    const { machine } = bareMachine({}, { FFMPEG_PATH: '/nowhere/ffmpeg' });
    await expect(ffmpegStep.work(machine, ignore)).rejects.toThrow(/FFMPEG_PATH names \/nowhere\/ffmpeg/);
    const { machine: other } = bareMachine({}, { MEDIASOUP_WORKER_BIN: '/nowhere/worker' });
    await expect(mediasoupWorkerStep.ready(other)).rejects.toThrow(/MEDIASOUP_WORKER_BIN is \/nowhere\/worker/);
  });
});

describe('ffmpeg', () => {
  it.each([
    ['5.1.9-0+deb12u1', '5.1.9-0+deb12u1', true],
    ['n7.1', 'n7.1', true],
    ['N-117000-gabcdef', 'N-117000-gabcdef', true],
    ['4.4.2', '5.1.9', false],
    ['5.1.9', '4.3', false],
  ])('%s with ffprobe %s is new enough: %s', async (ffmpeg, ffprobe, enough) => {
    const { machine } = bareMachine({ ffmpeg: says('ffmpeg', ffmpeg), ffprobe: says('ffprobe', ffprobe) });
    expect((await ffmpegStep.ready(machine)) !== undefined).toBe(enough);
  });

  it('is looked for where .env says', async () => {
    const { machine, folder } = bareMachine({ ffprobe: says('ffprobe', '6.0') });
    writeProgram(join(folder, 'opt', 'ffmpeg'), says('ffmpeg', '6.0'));
    writeFileSync(join(folder, '.env'), `FFMPEG_PATH=${join(folder, 'opt', 'ffmpeg')}\n`);
    expect(await ffmpegStep.ready(machine)).toBe('6.0');
  });
});

describe('mediasoup’s worker', () => {
  it('counts only when it starts on this machine', async () => {
    const { machine, folder } = bareMachine();
    const path = join(folder, 'node_modules/mediasoup/worker/out/Release/mediasoup-worker');
    writeProgram(path, 'exit 127');
    expect(await mediasoupWorkerStep.ready(machine)).toBeUndefined();
    writeProgram(path, 'exit 41');
    expect(await mediasoupWorkerStep.ready(machine)).toBe(version);
  });

  it('comes from the cache when it is there', async () => {
    const { machine } = bareMachine();
    const cached = `${version}-${process.platform}-${process.arch}-official`;
    writeProgram(join(machine.cache, 'mediasoup-worker', cached), 'exit 41');
    await mediasoupWorkerStep.work(machine, ignore);
    expect(await mediasoupWorkerStep.ready(machine)).toBe(version);
  });
});

describe('npm packages', () => {
  it('are installed by npm of the command that started the set-up, without their scripts, once per lock file', async () => {
    const { machine, folder } = bareMachine();
    const npm = join(folder, 'npm-cli.js');
    writeFileSync(npm, `require('fs').appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n')`);
    machine.env['npm_execpath'] = npm;
    expect(await packagesStep.ready(machine)).toBeUndefined();
    await packagesStep.work(machine, ignore);
    expect(readFileSync(join(folder, 'calls'), 'utf8')).toMatch(/^ci .*--ignore-scripts.*\n$/);
    expect(await packagesStep.ready(machine)).toBeDefined();
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, 'node_modules/a': {} } }));
    expect(await packagesStep.ready(machine)).toBeUndefined();
  });

  it('that cannot be had are said in one sentence, with the log', async () => {
    const { machine, folder } = bareMachine();
    const npm = join(folder, 'npm-cli.js');
    writeFileSync(npm, `console.error('no such registry'); process.exit(1)`);
    machine.env['npm_execpath'] = npm;
    await expect(packagesStep.work(machine, ignore)).rejects.toThrow(
      /^The npm packages could not be installed \(log: [^\n]+\): [^\n]+\.$/,
    );
    expect(await packagesStep.ready(machine)).toBeUndefined();
  });
});
