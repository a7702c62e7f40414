import { CaptionScreen, type CaptionLine, type CharacterStyle } from '../captionScreen.ts';
import { serviceColumns, type WindowDefinition } from './windowDefinition.ts';

const plain: CharacterStyle = { italic: false, underlined: false };
/** Window styles whose text is centred (CTA-708-E, table 26): of pop-up captions, and of those that roll up. */
const centredStyles: readonly number[] = [3, 6];
/** A text tag (CTA-708-E 8.5.9). */
const notDisplayed = 15;

/** Where a line is within its window. */
const justifications = ['left', 'right', 'centre', 'full'] as const;
type Justification = (typeof justifications)[number];

/** A window of a service: its text, and the pen that writes it. Text goes from left to right, and rolls up. */
export class CaptionWindow {
  /** Called before what is on the screen is replaced, rather than added to. */
  readonly #replacing: () => void;
  readonly #screen: CaptionScreen;
  #definition: WindowDefinition;
  #visible: boolean;
  #justification: Justification = 'left';
  #row = 0;
  #column = 0;
  #style = plain;
  #isDisplayed = true;

  constructor(definition: WindowDefinition, replacing: () => void) {
    this.#replacing = replacing;
    this.#definition = definition;
    this.#visible = definition.visible;
    // Text that is wider than its window was announced is no less text.
    this.#screen = new CaptionScreen(definition.rows, serviceColumns);
    this.#take(definition);
  }

  get definition(): WindowDefinition {
    return this.#definition;
  }

  get visible(): boolean {
    return this.#visible;
  }

  set visible(visible: boolean) {
    if (visible !== this.#visible && !this.#screen.isEmpty) this.#replacing();
    this.#visible = visible;
  }

  /** Keeps the text, as far as there are rows for it. */
  redefine(definition: WindowDefinition): void {
    const { rows, columns, top, left } = this.#definition;
    const staysInPlace =
      rows === definition.rows &&
      columns === definition.columns &&
      top === definition.top &&
      left === definition.left &&
      this.#justificationIn(definition) === this.#justification;
    if (!staysInPlace) this.#replacingShown();
    this.visible = definition.visible;
    if (rows !== definition.rows) this.#screen.resize(definition.rows);
    this.#row = Math.min(this.#row, definition.rows - 1);
    this.#take(definition);
  }

  character(character: string): void {
    if (!this.#isDisplayed || this.#column >= serviceColumns) return;
    if (this.#visible && character.trim() !== '' && this.#screen.isEmpty) this.#replacing();
    this.#screen.put(this.#row, this.#column, character, this.#style);
    this.#column++;
  }

  backspace(): void {
    this.#column = Math.max(0, this.#column - 1);
    this.#screen.erase(this.#row, this.#column, this.#column + 1);
  }

  clear(): void {
    this.#replacingShown();
    this.#screen.clear();
  }

  /** Form feed. */
  restart(): void {
    this.clear();
    this.#row = 0;
    this.#column = 0;
  }

  carriageReturn(): void {
    this.#replacingShown();
    const last = this.#definition.rows - 1;
    if (this.#row === last) this.#screen.rollUp(last, last + 1);
    else this.#row++;
    this.#column = 0;
  }

  /** Horizontal carriage return. */
  restartRow(): void {
    this.#replacingShown();
    this.#screen.erase(this.#row, 0);
    this.#column = 0;
  }

  movePen(row: number, column: number): void {
    this.#row = Math.min(row, this.#definition.rows - 1);
    this.#column = Math.min(column, serviceColumns - 1);
    // What stands there is about to be written over.
    if (!this.#screen.isBlank(this.#row, this.#column)) this.#replacingShown();
  }

  /** Parameters of SetPenAttributes (CTA-708-E 8.10.5.9). */
  setPen([tagAndSize = 0, look = 0]: Uint8Array): void {
    this.#isDisplayed = tagAndSize >> 4 !== notDisplayed;
    this.#style = { italic: (look & 0x80) !== 0, underlined: (look & 0x40) !== 0 };
  }

  /** Parameters of SetWindowAttributes (CTA-708-E 8.10.5.8). */
  setAttributes([, , directions = 0]: Uint8Array): void {
    const justification = justifications[directions & 3]!;
    if (justification !== this.#justification) this.#replacingShown();
    this.#justification = justification;
  }

  /** What viewers see of it, on the screen of the service. */
  lines(): CaptionLine[] {
    if (!this.#visible) return [];
    const { top, left, columns } = this.#definition;
    return this.#screen.lines().map(({ row, column, runs }) => {
      const length = runs.reduce((sum, { text }) => sum + text.length, 0);
      const indent = {
        left: column,
        full: column,
        centre: Math.floor((columns - length) / 2),
        right: columns - length,
      };
      const start = Math.min(left + indent[this.#justification], serviceColumns - length);
      return { row: top + row, column: Math.max(0, start), runs };
    });
  }

  #replacingShown(): void {
    if (this.#visible && !this.#screen.isEmpty) this.#replacing();
  }

  #take(definition: WindowDefinition): void {
    this.#definition = definition;
    // The predefined styles are all neither italic nor underlined.
    if (definition.penStyle !== 0) {
      this.#style = plain;
      this.#isDisplayed = true;
    }
    this.#justification = this.#justificationIn(definition);
  }

  #justificationIn({ windowStyle }: WindowDefinition): Justification {
    if (windowStyle === 0) return this.#justification;
    return centredStyles.includes(windowStyle) ? 'centre' : 'left';
  }
}
