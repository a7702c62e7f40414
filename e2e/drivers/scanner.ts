import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a phone's camera reads off a picture: the text of its QR code. By zbar, a reader that is not ours. */
export async function scanQrCode(pngFile: string): Promise<string> {
  const { stdout } = await run(
    'gst-launch-1.0',
    ['-m', 'filesrc', `location=${pngFile}`, ...'! pngdec ! videoconvert ! zbar ! fakesink'.split(' ')],
    { timeout: 30_000 },
  );
  const [, symbol = ''] = /symbol=\(string\)("(?:[^"\\]|\\.)*"|[^,;\s]+)/.exec(stdout) ?? [];
  return symbol.replace(/^"|"$/g, '').replaceAll(/\\(.)/g, '$1');
}
