import type { InitSegment } from '../../media/mp4/initSegment.ts';
import type { Period } from '../../media/timeline.ts';
import { xmlAttributes } from '../xml.ts';
import type { StreamKind } from './chunk.ts';
import { fragmentUrl } from './mediaPath.ts';
import { levelBitrate, qualityLevel } from './qualityLevel.ts';
import type { StreamChunks } from './streamChunks.ts';
import type { TrackInits } from './trackInits.ts';

/** The renditions of a stream, as the latest period that has it defines them. */
export interface StreamLevels {
  readonly kind: StreamKind;
  /** `Period.index` */
  readonly period: number;
  readonly levels: readonly { readonly bitrate: number; readonly init: InitSegment }[];
}

export async function readStreamLevels(
  { kind, period }: { kind: StreamKind; period: Period },
  inits: TrackInits,
): Promise<StreamLevels> {
  const levels = await Promise.all(
    period.tracks.map(async (track) => {
      const bitrate = track.kind === kind ? levelBitrate(track) : undefined;
      const init = bitrate === undefined ? undefined : await inits.of(period.index, track.id);
      return bitrate === undefined || init?.kind !== kind ? [] : [{ bitrate, init }];
    }),
  );
  return { kind, period: period.index, levels: levels.flat() };
}

/** MS-SSTR 2.2.2.3 */
export function streamIndex(tag: string, { kind, levels }: StreamLevels, chunks: StreamChunks): Buffer[] {
  const sizes = levels.flatMap(({ init }) => (init.kind === 'video' ? [init] : []));
  const widest = Math.max(...sizes.map(({ width }) => width));
  const highest = Math.max(...sizes.map(({ height }) => height));
  const attributes = xmlAttributes({
    Type: kind,
    Name: kind,
    Chunks: chunks.length,
    QualityLevels: levels.length,
    Url: fragmentUrl(tag, kind),
    ...(sizes.length > 0 && { MaxWidth: widest, MaxHeight: highest, DisplayWidth: widest, DisplayHeight: highest }),
  });
  const written = levels.map(({ bitrate, init }, index) => qualityLevel(index, bitrate, init));
  return [
    Buffer.from(`<StreamIndex${attributes}>\n${written.join('')}`),
    chunks.text(),
    Buffer.from('\n</StreamIndex>\n'),
  ];
}
