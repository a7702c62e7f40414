import { screenRows } from '../captionScreen.ts';

/**
 * In characters: the safe area of a picture of 16:9 is 15 rows of 42 of them, each five by five steps that windows are
 * anchored to (CTA-708-E 8.2).
 */
export const serviceColumns = 42;
const stepsPerCharacter = 5;

/** Parameters of a DefineWindow command (CTA-708-E 8.10.5.2). */
export interface WindowDefinition {
  readonly visible: boolean;
  /** 0 is the highest. */
  readonly priority: number;
  readonly rows: number;
  readonly columns: number;
  /** Where it is on the screen; in whole characters. */
  readonly top: number;
  readonly left: number;
  /** 0 for a usual one, or no other than before. */
  readonly windowStyle: number;
  readonly penStyle: number;
}

export function readWindowDefinition(parameters: Uint8Array): WindowDefinition {
  const [flags = 0, vertical = 0, horizontal = 0, sizes = 0, width = 0, styles = 0] = parameters;
  const rows = Math.min((sizes & 0xf) + 1, screenRows);
  const columns = Math.min((width & 0x3f) + 1, serviceColumns);
  const isRelative = (vertical & 0x80) !== 0;
  const inCharacters = (anchor: number, all: number) =>
    isRelative ? (Math.min(anchor, 100) / 100) * all : anchor / stepsPerCharacter;
  const anchorPoint = sizes >> 4;
  return {
    visible: (flags & 0x20) !== 0,
    priority: flags & 0x7,
    rows,
    columns,
    top: startOf(inCharacters(vertical & 0x7f, screenRows), Math.floor(anchorPoint / 3), rows, screenRows),
    left: startOf(inCharacters(horizontal, serviceColumns), anchorPoint % 3, columns, serviceColumns),
    windowStyle: (styles >> 3) & 0x7,
    penStyle: styles & 0x7,
  };
}

/** `side`: the anchor is at the window's start, its middle, or its end. */
function startOf(anchor: number, side: number, length: number, all: number): number {
  const start = Math.round(anchor - (Math.min(side, 2) / 2) * length);
  return Math.max(0, Math.min(start, all - length));
}
