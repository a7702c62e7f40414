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

/** Rows of characters that captions are written into: 15 of 32 for line 21. */
export class CaptionScreen {
  readonly #columns: number;
  #rows: Row[];

  constructor(rows = screenRows, columns = screenColumns) {
    this.#columns = columns;
    this.#rows = Array.from({ length: rows }, () => this.#emptyRow());
  }

  get isEmpty(): boolean {
    return this.#rows.every((row) => row.every(isBlank));
  }

  put(row: number, column: number, character: string, { italic, underlined }: CharacterStyle): void {
    this.#rows[row]![column] = { character, italic, underlined };
  }

  isBlank(row: number, column: number): boolean {
    return isBlank(this.#rows[row]![column]);
  }

  erase(row: number, fromColumn: number, toColumn = this.#columns): void {
    this.#rows[row]!.fill(undefined, fromColumn, toColumn);
  }

  clear(): void {
    for (const row of this.#rows) row.fill(undefined);
  }

  /** Rows are added or taken away at the bottom. */
  resize(rows: number): void {
    this.#rows = Array.from({ length: rows }, (_, row) => this.#rows[row] ?? this.#emptyRow());
  }

  /** The lowest `depth` rows down to `baseRow` move up by one; what is outside of them goes. */
  rollUp(baseRow: number, depth: number): void {
    const rows = this.#rows.map(() => this.#emptyRow());
    for (let row = Math.max(0, baseRow - depth + 1); row < baseRow; row++) rows[row] = this.#rows[row + 1]!;
    this.#rows = rows;
  }

  /** The `depth` rows down to one base row go to another. */
  moveBase(from: number, to: number, depth: number): void {
    const rows = this.#rows.map(() => this.#emptyRow());
    for (let above = 0; above < depth; above++) {
      if (to - above >= 0 && from - above >= 0) rows[to - above] = this.#rows[from - above]!;
    }
    this.#rows = rows;
  }

  lines(): CaptionLine[] {
    return this.#rows.flatMap((cells, row) => {
      const column = cells.findIndex((cell) => !isBlank(cell));
      if (column < 0) return [];
      const end = cells.findLastIndex((cell) => !isBlank(cell)) + 1;
      return [{ row, column, runs: joinStyles(cells.slice(column, end)) }];
    });
  }

  #emptyRow(): Row {
    return Array.from<Cell | undefined>({ length: this.#columns });
  }
}

function isBlank(cell: Cell | undefined): boolean {
  return cell === undefined || cell.character.trim() === '';
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
