/**
 * Chromium begins at 300 kb/s and a small picture, and grows for seconds, which would begin the broadcast with
 * several sizes. It takes a better start from the answer's format parameters; other browsers ignore them.
 */
export function withStartBitrate(answerSdp: string, startKbps: number): string {
  const parameter = `x-google-start-bitrate=${Math.round(startKbps)}`;
  return answerSdp
    .split(/(?=^m=)/m)
    .map((section) => (section.startsWith('m=video') ? addToVideo(section, parameter) : section))
    .join('');
}

function addToVideo(section: string, parameter: string): string {
  const newline = section.includes('\r\n') ? '\r\n' : '\n';
  const types = [...section.matchAll(/^a=rtpmap:(\d+) (?:H264|VP8)\/90000/gim)].map(([, type]) => type);
  let changed = section;
  for (const type of types) {
    const fmtp = new RegExp(`^(a=fmtp:${type} .*?)\\r?$`, 'm');
    changed = fmtp.test(changed)
      ? changed.replace(fmtp, `$1;${parameter}${newline === '\r\n' ? '\r' : ''}`)
      : changed.replace(
          new RegExp(`^(a=rtpmap:${type} .*?)\\r?$`, 'm'),
          `$1${newline}a=fmtp:${type} ${parameter}${newline === '\r\n' ? '\r' : ''}`,
        );
  }
  return changed;
}
