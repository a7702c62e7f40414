export const screenRows = 15;
export const screenColumns = 32;

export interface CharacterStyle {
  readonly italic: boolean;
  readonly underlined: boolean;
}

interface Cell extends CharacterStyle {
  readonly character: string;
}

/** Characters of one style that follow each other. */
export interface StyledText extends CharacterStyle {
  readonly text: string;
}

/** A row with something on it, as viewers see it. Rows and columns count from 0. */
export interface CaptionLine {
  readonly row: number;
  /** Of the first character. */
  readonly column: number;
  readonly runs: readonly StyledText[];
}

type Row = (Cell | undefined)[];

/** The 15 rows of 32 characters that captions of line 21 are written into. */
export class CaptionScreen {
  #rows: Row[] = emptyRows();

  get isEmpty(): boolean {
    return this.#rows.every((row) => row.every((cell) => cell === undefined || cell.character === ' '));
  }

  put(row: number, column: number, character: string, { italic, underlined }: CharacterStyle): void {
    this.#rows[row]![column] = { character, italic, underlined };
  }

  erase(row: number, fromColumn: number, toColumn = screenColumns): void {
    this.#rows[row]!.fill(undefined, fromColumn, toColumn);
  }

  clear(): void {
    this.#rows = emptyRows();
  }

  /** The lowest `depth` rows down to `baseRow` move up by one; what is outside of them goes. */
  rollUp(baseRow: number, depth: number): void {
    const rows = emptyRows();
    for (let row = Math.max(0, baseRow - depth + 1); row < baseRow; row++) rows[row] = this.#rows[row + 1]!;
    this.#rows = rows;
  }

  /** The `depth` rows down to one base row go to another. */
  moveBase(from: number, to: number, depth: number): void {
    const rows = emptyRows();
    for (let above = 0; above < depth; above++) {
      if (to - above >= 0 && from - above >= 0) rows[to - above] = this.#rows[from - above]!;
    }
    this.#rows = rows;
  }

  lines(): CaptionLine[] {
    return this.#rows.flatMap((cells, row) => {
      const isBlank = (cell: Cell | undefined) => cell === undefined || cell.character.trim() === '';
      const column = cells.findIndex((cell) => !isBlank(cell));
      if (column < 0) return [];
      const end = cells.findLastIndex((cell) => !isBlank(cell)) + 1;
      return [{ row, column, runs: joinStyles(cells.slice(column, end)) }];
    });
  }
}

function emptyRows(): Row[] {
  return Array.from({ length: screenRows }, () => Array.from<Cell | undefined>({ length: screenColumns }));
}

function joinStyles(cells: Row): StyledText[] {
  const runs: { text: string; italic: boolean; underlined: boolean }[] = [];
  for (const cell of cells) {
    const { character, italic, underlined } = cell ?? { character: ' ', italic: false, underlined: false };
    const last = runs.at(-1);
    if (last && last.italic === italic && last.underlined === underlined) last.text += character;
    else runs.push({ text: character, italic, underlined });
  }
  return runs;
}
