import { createRequire } from 'node:module';

interface MuxCaption {
  readonly startPts: number;
  readonly endPts: number;
  readonly stream: string;
  /** Of line 21. */
  readonly content?: readonly { readonly text: string }[];
  /** Of digital captions. */
  readonly text?: string;
}

interface MuxCaptionStream {
  on(event: 'data', listener: (caption: MuxCaption) => void): void;
  push(unit: object): void;
  flush(): void;
}

const { CaptionStream } = createRequire(import.meta.url)('mux.js/lib/m2ts/caption-stream.js') as {
  CaptionStream: new (options: { parse708captions: boolean }) => MuxCaptionStream;
};

/** What mux.js makes of SEI units, each with its presentation time. */
export function readByMuxJs(units: readonly { readonly ticks: number; readonly unit: Uint8Array }[]) {
  const captions: { stream: string; startTicks: number; endTicks: number; text: string }[] = [];
  const stream = new CaptionStream({ parse708captions: true });
  stream.on('data', ({ stream: name, startPts, endPts, content, text: said = '' }) => {
    const text = content ? content.map((line) => line.text.trim()).join('\n') : said;
    captions.push({ stream: name, startTicks: startPts, endTicks: endPts, text });
  });
  for (const { ticks, unit } of units) {
    stream.push({ nalUnitType: 'sei_rbsp', escapedRBSP: unit.subarray(1), pts: ticks, dts: ticks });
  }
  stream.flush();
  return captions;
}
