import type { Playback } from '../../shared/model/entry.ts';
import { until } from './producer.ts';

/** How each format says that there is no more to come. */
const saysEnd = {
  hls: /#EXT-X-ENDLIST/,
  dash: /<MPD[^>]*type="static"/,
  hds: /<streamType>recorded</,
  mss: /^(?![\s\S]*IsLive="TRUE")[\s\S]*<SmoothStreamingMedia/i,
} as const;

/** Milliseconds from now until each format's manifest, at the address it was live at, has its VOD form. */
export async function msToVod(playback: Playback): Promise<Record<keyof typeof saysEnd, number>> {
  const begunMs = performance.now();
  const { hls, dash, hds, mss } = playback;
  const addresses = { hls: hls?.replace('master.m3u8', 'v0.m3u8'), dash, hds, mss };
  const took = { hls: NaN, dash: NaN, hds: NaN, mss: NaN };
  const wait = async (format: keyof typeof saysEnd) => {
    await until(async () => {
      const text = await (await fetch(addresses[format] ?? '', { cache: 'no-store' })).text();
      return saysEnd[format].test(text) ? true : undefined;
    }, `the VOD form of ${format}`);
    took[format] = performance.now() - begunMs;
  };
  await Promise.all((Object.keys(took) as (keyof typeof saysEnd)[]).map(wait));
  return took;
}
