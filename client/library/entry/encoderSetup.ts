import type { Ingest } from '../../../shared/model/entry.ts';
import { firstStreamName } from '../../../shared/urls.ts';

/** An ingest URL without the key, which then goes with the stream's name: encoders hide that field. */
export function keylessUrl(ingestUrl: string): string {
  const [base = '', query = ''] = ingestUrl.split('?', 2);
  const kept = query.split('&').filter((pair) => pair !== '' && !pair.startsWith('token='));
  return kept.length > 0 ? `${base}?${kept.join('&')}` : base;
}

/** What goes into an encoder's "stream key" field: the stream's name with its key. */
export function streamKey(ingest: Pick<Ingest, 'streamName' | 'password'>): string {
  return `${firstStreamName(ingest.streamName)}?token=${encodeURIComponent(ingest.password)}`;
}

/** Ingest URL and stream key as one address; what else the URL's query says (the backup's mark) goes to the end. */
export function publishUrl(ingestUrl: string, key: string): string {
  const [base = '', query] = keylessUrl(ingestUrl).split('?', 2);
  return `${base.replace(/\/+$/, '')}/${key}${query ? `&${query}` : ''}`;
}

const inputs = {
  test: '-re -f lavfi -i testsrc2=size=1280x720:rate=30 -f lavfi -i sine=frequency=440:sample_rate=48000',
  file: '-re -stream_loop -1 -i input.mp4',
} as const;
export type FfmpegInput = keyof typeof inputs;

/** A command that goes live with what the transcoder likes best: a key frame every 2 s, a steady bitrate. */
export function ffmpegCommand(url: string, input: FfmpegInput): string {
  return [
    `ffmpeg ${inputs[input]}`,
    '-c:v libx264 -preset veryfast -tune zerolatency -pix_fmt yuv420p',
    '-b:v 2500k -maxrate 2500k -bufsize 2500k -force_key_frames "expr:gte(t,n_forced*2)"',
    '-c:a aac -b:a 128k -ar 48000 -ac 2',
    `-f flv "${url}"`,
  ].join(' \\\n  ');
}
