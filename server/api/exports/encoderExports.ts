import type { EncoderSettings } from '../../../shared/model/encoderSettings.ts';
import type { EncoderExport, ExportedEntry } from './exportedEntry.ts';
import { exportFfmpeg } from './ffmpeg.ts';
import { exportFmle } from './fmle.ts';
import { exportGstreamer } from './gstreamer.ts';
import { exportLarix } from './larix.ts';
import { exportObs, exportObsWhip } from './obs.ts';
import { exportVmix } from './vmix.ts';
import { exportWirecast } from './wirecast.ts';

/** Every encoder there are settings for, in the order they are offered. */
const encoderExports: readonly EncoderExport[] = [
  exportObs,
  exportObsWhip,
  exportFmle,
  exportWirecast,
  exportVmix,
  exportFfmpeg,
  exportGstreamer,
  exportLarix,
];

export function exportToEncoders(entry: ExportedEntry): EncoderSettings[] {
  return encoderExports.map((write) => write(entry));
}
