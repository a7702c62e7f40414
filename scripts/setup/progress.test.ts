import { describe, expect, it } from 'vitest';
import { aptProgress, ninjaProgress, npmProgress } from './progress.mjs';

describe('progress', () => {
  it('of ninja is its count of files', () => {
    expect(ninjaProgress('[70/279] Compiling C++ object a.o')).toBe('compiling, 25 % (file 70 of 279)');
    expect(ninjaProgress('[0/0] Nothing')).toContain('0 %');
    expect(ninjaProgress('warning: [1/2] unused')).toBeUndefined();
  });

  it('of apt-get is its own percentage', () => {
    expect(aptProgress('dlstatus:3:41.7:Retrieving file 3 of 9')).toBe('downloading, 41 %');
    expect(aptProgress('pmstatus:libx264-164:66.6667:Unpacking libx264-164')).toBe('installing, 66 %');
    expect(aptProgress('Setting up libx264-164 ...')).toBeUndefined();
  });

  it('of npm counts each package once', () => {
    const read = npmProgress(2);
    const fetched = (name: string) =>
      `npm http fetch GET 200 https://registry.invalid/${name}/-/${name}-1.0.0.tgz 12ms (cache miss)`;
    expect(read('npm http fetch GET 200 https://registry.invalid/zod 9ms')).toBeUndefined();
    expect(read(fetched('zod'))).toBe('fetched 1 of 2 packages');
    expect(read(fetched('zod'))).toBe('fetched 1 of 2 packages');
    expect(read(fetched('pino'))).toBe('fetched 2 of 2 packages');
  });
});
