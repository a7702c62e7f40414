import type { ExportedEntry } from './exportedEntry.ts';
import type { SuggestedStream } from './suggestedStreams.ts';
import { element, writeXml } from './xmlElement.ts';

export interface FmleOptions {
  /** Only this stream (from 1), by its literal name, for encoders that do not expand `%i`. All of them when absent. */
  readonly stream?: number;
  /** MP3 unless it is known that the encoder has AAC, which Flash Media Live Encoder needs a plug-in for. */
  readonly audio?: 'mp3' | 'aac';
}

/** A profile as Flash Media Live Encoder opens it: elements in this order; empty ones are left to its defaults. */
export function writeFmleProfile(entry: ExportedEntry, { stream, audio = 'mp3' }: FmleOptions = {}): string {
  const { ingest } = entry;
  const streams = stream === undefined ? entry.streams : entry.streams.slice(stream - 1, stream);
  const streamName = stream === undefined ? ingest.streamName : ingest.streamName.replace('%i', String(stream));
  return writeXml(
    element('flashmedialiveencoder_profile', [
      element('preset', [element('name', 'Custom'), element('description', entry.name)]),
      capture,
      element('encode', [encodeVideo(streams), encodeAudio(audio)]),
      element('restartinterval', [element('days'), element('hours'), element('minutes')]),
      element('reconnectinterval', [element('attempts'), element('interval')]),
      element('output', [
        element('rtmp', [
          element('url', ingest.primaryUrl),
          element('backup_url', ingest.backupUrl),
          element('stream', streamName),
        ]),
      ]),
      element('metadata'),
      preview,
      element('log', [element('level', 100), element('directory')]),
    ]),
  );
}

const capture = element('capture', [
  element('video', [
    element('device'),
    element('crossbar_input', 0),
    element('frame_rate'),
    element('size', [element('width'), element('height')]),
  ]),
  element('audio', [
    element('device'),
    element('crossbar_input', 0),
    element('sample_rate', 44_100),
    element('channels', 2),
    element('input_volume', 75),
  ]),
]);

/** Lists end in a semicolon, also lists of one. */
function encodeVideo(streams: readonly SuggestedStream[]) {
  return element('video', [
    element('format', 'H.264'),
    element('datarate', streams.map(({ videoBitrateKbps }) => `${videoBitrateKbps};`).join('')),
    element('outputsize', streams.map(({ width, height }) => `${width}x${height};`).join('')),
    element('advanced', [
      element('profile', 'Baseline'),
      element('level', '3.1'),
      element('keyframe_frequency', '2 seconds'),
    ]),
    element('autoadjust', [
      element('enable'),
      element('maxbuffersize'),
      element('dropframes', [element('enable')]),
      element('degradequality', [element('enable'), element('minvideobitrate'), element('preservepfq')]),
    ]),
  ]);
}

function encodeAudio(audio: 'mp3' | 'aac') {
  return element('audio', [element('format', audio.toUpperCase()), element('datarate', 128)]);
}

const preview = element('preview', [
  element('video', [element('input', [element('zoom', '100%')]), element('output', [element('zoom', '100%')])]),
  element('audio'),
]);
