import { escapeCueText, type CueBlock } from './cue.ts';
import { screenColumns, screenRows, type CaptionLine, type StyledText } from './captionScreen.ts';

/** The safe area: captions take the middle 80 % of the picture both ways. */
const safeStart = 10;
const safePart = 80;
/** In characters: lines this much off the middle are meant to be in it. */
const centreTolerance = 2;

/** Lines that touch become one block, where they stood on a screen of so many columns. */
export function placeLines(lines: readonly CaptionLine[], columns = screenColumns): CueBlock[] {
  const blocks: CaptionLine[][] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (last && last.at(-1)!.row === line.row - 1) last.push(line);
    else blocks.push([line]);
  }
  return blocks.map((block) => ({ settings: settingsOf(block, columns), text: block.map(textOf).join('\n') }));
}

function settingsOf(block: readonly CaptionLine[], columns: number): string {
  const line = `line:${percent((block[0]!.row / screenRows) * safePart + safeStart)}`;
  if (block.every((each) => isCentred(each, columns))) return line;
  const column = Math.min(...block.map((each) => each.column));
  return `${line} position:${percent((column / columns) * safePart + safeStart)} align:start`;
}

function isCentred({ column, runs }: CaptionLine, columns: number): boolean {
  const length = runs.reduce((sum, { text }) => sum + text.length, 0);
  return Math.abs(column - (columns - column - length)) <= centreTolerance;
}

function percent(value: number): string {
  return `${Number(value.toFixed(2))}%`;
}

function textOf({ runs }: CaptionLine): string {
  return runs.map(markUp).join('');
}

function markUp({ text, italic, underlined }: StyledText): string {
  const inner = underlined ? `<u>${escapeCueText(text)}</u>` : escapeCueText(text);
  return italic ? `<i>${inner}</i>` : inner;
}
