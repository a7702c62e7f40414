import { describe, expect, it } from 'vitest';
import type { HealthSample } from '../../../../shared/model/health.ts';
import { healthSample } from '../../../../shared/model/healthSample.fixture.ts';
import type { IngestSource } from '../../../../shared/model/ingestSource.ts';
import { sourceFigures } from './sourceFigures.ts';
import { appendSources, bySource, sourceKey, withEarlier, type SourceHistories } from './sourceHistories.ts';

const sample = (at: number) => ({ ...healthSample, at, bitrateBps: 2_400_000, avOffsetMs: -40, jitterMs: 4 });
const source = (at: number, role: IngestSource['role'] = 'primary', connectedAt = 1000): IngestSource => ({
  index: 1,
  role,
  state: 'onAir',
  remoteAddress: '192.0.2.1',
  connectedAt: new Date(connectedAt).toISOString(),
  protocol: 'rtmp',
  health: sample(at),
});
const times = (samples: readonly HealthSample[] | undefined) => samples?.map(({ at }) => at);

describe('what is known of each source', () => {
  it('grows by a sample each time, and is forgotten with the source', () => {
    let histories: SourceHistories = new Map();
    for (const at of [2000, 2000, 3000]) histories = appendSources(histories, [source(at), source(at, 'backup')]);
    expect(times(histories.get(sourceKey(source(0))))).toEqual([2000, 3000]);
    expect(histories.size).toBe(2);
    histories = appendSources(histories, [source(4000, 'primary', 3500)]);
    expect([...histories.values()].map(times)).toEqual([[4000]]);
    expect(appendSources(histories, []).size).toBe(0);
  });

  it('comes stream by stream, the primary before the backup', () => {
    const second = { ...source(0, 'backup'), index: 2 };
    const ordered = [second, source(0, 'backup'), { ...second, role: 'primary' as const }, source(0)].toSorted(
      bySource,
    );
    expect(ordered.map(({ index, role }) => `${index} ${role}`)).toEqual([
      '1 primary',
      '1 backup',
      '2 primary',
      '2 backup',
    ]);
  });

  it('begins, for the one on air, with what the server has kept since it connected', () => {
    const kept = [500, 1500, 2500, 3500].map(sample);
    expect(times(withEarlier(source(0), [sample(2500)], kept))).toEqual([1500, 2500]);
    expect(times(withEarlier(source(0), [], kept))).toEqual([1500, 2500, 3500]);
    expect(times(withEarlier({ ...source(0), state: 'standby' }, [sample(2500)], kept))).toEqual([2500]);
  });
});

describe('a source in figures', () => {
  const figures = (health: HealthSample | null) =>
    Object.fromEntries(sourceFigures(health).map(({ name, value }) => [name, value]));

  it('has a value for each measure', () => {
    expect(figures(sample(1))).toEqual({
      Picture: '1280×720',
      'Frame rate': '30 fps',
      Bitrate: '2.4 Mb/s',
      'Key frames every': '2.0 s',
      Codecs: 'H.264, AAC',
      'A/V offset': '−40 ms',
      Jitter: '4 ms',
      'Dropped frames': '0',
    });
  });

  it('has dashes for what is not known', () => {
    expect(new Set(Object.values(figures(null)))).toEqual(new Set(['–']));
    const soundOnly = {
      ...sample(1),
      videoCodec: null,
      width: 0,
      height: 0,
      keyFrameIntervalMs: null,
      avOffsetMs: null,
    };
    expect(figures(soundOnly)).toMatchObject({ Picture: '–', 'Frame rate': '–', Codecs: 'AAC', 'A/V offset': '–' });
  });
});
