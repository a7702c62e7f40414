import { useEffect, useState } from 'react';
import type { Publisher } from './publisher.ts';
import { readUplink, uplinkSample, type UplinkCounters, type UplinkSample } from './uplink.ts';

const keptSamples = 10;

/** Once a second what is being sent; empty while off air. */
export function useUplink(publisher: Publisher, onAir: boolean): readonly UplinkSample[] {
  const [samples, setSamples] = useState<readonly UplinkSample[]>([]);
  useEffect(() => {
    if (!onAir) return undefined;
    let before: UplinkCounters | null = null;
    let current = true;
    const read = async () => {
      const report = await publisher.session?.stats();
      if (!report || !current) return;
      const after = readUplink(report, performance.now());
      const sample = before && uplinkSample(before, after);
      before = after;
      if (sample) setSamples((kept) => [...kept.slice(1 - keptSamples), sample]);
    };
    const timer = setInterval(() => void read(), 1000);
    return () => {
      current = false;
      clearInterval(timer);
      setSamples([]);
    };
  }, [publisher, onAir]);
  return samples;
}
