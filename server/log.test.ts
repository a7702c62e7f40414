import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  write(createLog('info', false, { write: (line) => void (text += line) }));
  return text;
}

describe('the log', () => {
  it.each(['err', 'error'])('says what an error under the name of %s is, and where it comes from', (name) => {
    const text = logged((log) => log.error({ [name]: new Error('the disk is gone') }, 'failed'));
    expect(text).toContain('the disk is gone');
    expect(text).toContain('log.test.ts');
  });

  it('never holds a secret, at the top or one level below', () => {
    const text = logged((log) => {
      log.info({ token: 'abc-1', password: 'abc-2' });
      log.info({ ingest: { whipToken: 'abc-3' }, headers: { authorization: 'abc-4', cookie: 'abc-5' } });
    });
    expect(text).toContain('[secret]');
    expect(text).not.toContain('abc-');
  });
});
