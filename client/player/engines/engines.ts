import type { EngineName, StartEngine } from './engine.ts';

/** Every engine there is; each is loaded only when it is used. */
const engines: Record<EngineName, () => Promise<StartEngine>> = {
  shaka: async () => (await import('./shaka.ts')).startShaka,
  hlsjs: async () => (await import('./hlsjs.ts')).startHlsjs,
};

export function loadEngine(name: EngineName): Promise<StartEngine> {
  return engines[name]();
}

/** The engine asked for in the address (`?engine=`), or hls.js. */
export function engineNameFrom(search: string): EngineName {
  return new URLSearchParams(search).get('engine') === 'shaka' ? 'shaka' : 'hlsjs';
}
