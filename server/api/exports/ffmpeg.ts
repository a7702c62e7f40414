import type { EncoderExport, ExportedEntry } from './exportedEntry.ts';
import { publishAddress, rtspPublishUrl } from './publishAddress.ts';
import { recommendedEncoding } from './recommendedEncoding.ts';
import { quoted, shellLines } from './shellText.ts';
import type { SuggestedStream } from './suggestedStreams.ts';

const { width, height, frameRate, keyFrameSeconds, videoBitrateKbps, audioBitrateKbps, audioSampleRate } =
  recommendedEncoding;

const testPicture =
  `-re -f lavfi -i testsrc2=size=${width}x${height}:rate=${frameRate} ` +
  `-re -f lavfi -i sine=frequency=440:sample_rate=${audioSampleRate}`;
const file = '-re -stream_loop -1 -i input.mp4';
const encoder = '-c:v libx264 -preset veryfast -tune zerolatency -pix_fmt yuv420p';
const keyFrames = `-force_key_frames "expr:gte(t,n_forced*${keyFrameSeconds})"`;
const sound = `-c:a aac -b:a ${audioBitrateKbps}k -ar ${audioSampleRate} -ac 2`;
const constantRate = (kbps: number) => `-b:v ${kbps}k -maxrate ${kbps}k -bufsize ${kbps}k`;

/** The ffmpeg command line. */
export const exportFfmpeg: EncoderExport = (entry) => {
  const { ingest, streams } = entry;
  const { url } = publishAddress(ingest.primaryUrl, ingest);
  const commands: [label: string, text: string][] = [
    ['A test picture, RTMP', publish(testPicture, `-f flv ${quoted(url)}`)],
    ['A file over and over, RTMP', publish(file, `-f flv ${quoted(url)}`)],
  ];
  if (ingest.securePrimaryUrl) {
    const secure = publishAddress(ingest.securePrimaryUrl, ingest);
    commands.push(['A test picture, RTMPS', publish(testPicture, `-f flv ${quoted(secure.url)}`)]);
  }
  if (ingest.rtspUrl) {
    const target = quoted(rtspPublishUrl(ingest, ingest.rtspUrl));
    commands.push(['A test picture, RTSP', publish(testPicture, `-f rtsp -rtsp_transport tcp ${target}`)]);
  }
  if (streams.length > 1)
    commands.push([`A test picture in ${streams.length} qualities, RTMP`, publishEach(entry, streams)]);
  return {
    id: 'ffmpeg',
    name: 'ffmpeg',
    steps: [],
    notes: ['Each command is complete with the stream key; run it on any machine that reaches this server.'],
    fields: [],
    commands: commands.map(([label, text]) => ({ label, text, secret: ingest.password })),
    files: [],
    codes: [],
  };
};

function publish(input: string, output: string): string {
  return shellLines(`ffmpeg ${input}`, encoder, `${constantRate(videoBitrateKbps)} ${keyFrames}`, sound, output);
}

/** One encoder for all: the qualities have the same times and key frames. */
function publishEach({ ingest }: ExportedEntry, streams: readonly SuggestedStream[]): string {
  const outputs = streams.flatMap((stream, at) => [
    `-map 0:v -map 1:a -s ${stream.width}x${stream.height} ${encoder}`,
    `${constantRate(stream.videoBitrateKbps)} ${keyFrames} ${sound}`,
    `-f flv ${quoted(publishAddress(ingest.primaryUrl, ingest, at + 1).url)}`,
  ]);
  return shellLines(`ffmpeg ${testPicture}`, ...outputs);
}
