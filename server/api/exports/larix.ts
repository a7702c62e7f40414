import type { EncoderExport, ExportedEntry } from './exportedEntry.ts';
import { publishAddress } from './publishAddress.ts';
import { drawQrCode } from './qrCode.ts';
import { recommendedEncoding } from './recommendedEncoding.ts';

/** A name that keeps the code coarse enough for any camera. */
const longestName = 24;

/** Larix Broadcaster, and other phone encoders that read its QR codes. */
export const exportLarix: EncoderExport = (entry) => {
  const { ingest } = entry;
  const link = larixLink(entry);
  const { url } = publishAddress(ingest.primaryUrl, ingest);
  return {
    id: 'larix',
    name: 'Phone (Larix)',
    steps: [
      'Install Larix Broadcaster from the app store.',
      'Scan the code with the phone’s camera and open it in Larix: address and encoding are set up.',
      'Press the red button.',
    ],
    notes: ['Whoever has this code can publish to this entry: show it to nobody else.'],
    fields: [{ label: 'URL, for other apps', value: url, secret: ingest.password }],
    commands: [],
    files: [],
    codes: [{ label: 'Settings for Larix', text: link, svg: drawQrCode(link) }],
  };
};

/** Softvelum's “Larix Grove” links, version 1. */
function larixLink({ name, ingest }: ExportedEntry): string {
  const { width, height, frameRate, videoBitrateKbps, keyFrameSeconds, audioBitrateKbps } = recommendedEncoding;
  const { url } = publishAddress(ingest.primaryUrl, ingest);
  const settings: [name: string, value: string | number][] = [
    ['conn[][url]', url],
    ['conn[][name]', name.slice(0, longestName).toWellFormed()],
    ['conn[][overwrite]', 'on'],
    ['enc[vid][res]', `${width}x${height}`],
    ['enc[vid][fps]', frameRate],
    ['enc[vid][bitrate]', videoBitrateKbps],
    ['enc[vid][keyframe]', keyFrameSeconds],
    ['enc[aud][bitrate]', audioBitrateKbps],
  ];
  return `larix://set/v1?${settings.map(([key, value]) => `${key}=${encodeSparingly(value)}`).join('&')}`;
}

/** Each character less makes the code coarser. RFC 3986 3.4 */
function encodeSparingly(value: string | number): string {
  return encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2F', '/');
}
