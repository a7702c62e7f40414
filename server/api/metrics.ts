import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Entries } from '../catalog/entries.ts';
import { entryStateSchema } from '../../shared/model/state.ts';

/** Of the broadcasts that are on and should be recorded, how many are. */
export interface RecordingCounts {
  readonly active: number;
  readonly stopped: number;
}

/** What Prometheus reads; labels come from fixed lists only. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #callSeconds: Histogram<'route' | 'status'>;

  constructor(entries: Entries, viewers: (entryId: string) => number, recordings: () => RecordingCounts) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#registry.registerMetric(entriesByState(entries));
    this.#registry.registerMetric(viewersOnAir(entries, viewers));
    this.#registry.registerMetric(broadcastsToRecord(recordings));
    this.#callSeconds = new Histogram({
      name: 'tallylight_api_call_seconds',
      help: 'Duration of API calls by route and status class',
      labelNames: ['route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2],
      registers,
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  observeCall(route: string, status: number, seconds: number): void {
    this.#callSeconds.observe({ route, status: `${Math.floor(status / 100)}xx` }, seconds);
  }

  async render(): Promise<string> {
    return await this.#registry.metrics();
  }
}

function entriesByState(entries: Entries): Gauge<'state'> {
  return new Gauge({
    name: 'tallylight_entries',
    help: 'Live entries by state',
    labelNames: ['state'],
    registers: [],
    async collect() {
      const counts = await entries.countByState();
      for (const state of entryStateSchema.options) this.set({ state }, counts[state] ?? 0);
    },
  });
}

function viewersOnAir(entries: Entries, viewers: (entryId: string) => number): Gauge {
  return new Gauge({
    name: 'tallylight_viewers',
    help: 'Viewers of all broadcasts that are on the air',
    registers: [],
    async collect() {
      const ids = await entries.idsBroadcasting();
      this.set(ids.reduce((sum, id) => sum + viewers(id), 0));
    },
  });
}

function broadcastsToRecord(recordings: () => RecordingCounts): Gauge<'state'> {
  return new Gauge({
    name: 'tallylight_recordings',
    help: 'Broadcasts on the air that should be recorded: those that are, and those whose recording has stopped',
    labelNames: ['state'],
    registers: [],
    collect() {
      const { active, stopped } = recordings();
      this.set({ state: 'active' }, active);
      this.set({ state: 'stopped' }, stopped);
    },
  });
}
