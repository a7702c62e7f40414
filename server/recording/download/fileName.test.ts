import { describe, expect, it } from 'vitest';
import { attachment, fileName } from './fileName.ts';

describe('the name of a download', () => {
  it.each([
    ['Morning show', 'Morning show (720p).mp4'],
    ['../../etc/passwd', 'etc passwd (720p).mp4'],
    ['a\r\nSet-Cookie: x="1"', 'a Set-Cookie x= 1 (720p).mp4'],
    ['...', 'video (720p).mp4'],
    ['\u202Egpj.exe', 'gpj.exe (720p).mp4'],
    ['Übertragung 放送', 'Übertragung 放送 (720p).mp4'],
  ])('of %j is safe as a file', (name, expected) => {
    expect(fileName(name, '720p', 'mp4')).toBe(expected);
  });

  it('is cut between characters where a file system would not take more', () => {
    const name = fileName('放'.repeat(200), '720p', 'mp4');
    expect(name).toBe(`${'放'.repeat(40)} (720p).mp4`);
  });

  it('is sent in two ways, neither of which can end the header', () => {
    expect(attachment('Ü "x" 100%.mp4')).toBe(
      `attachment; filename="_ _x_ 100_.mp4"; filename*=UTF-8''%C3%9C%20%22x%22%20100%25.mp4`,
    );
  });
});
