import { extendedCharacter, specialCharacter } from './characters.ts';
import { CaptionScreen, screenColumns, screenRows, type CharacterStyle } from '../captionScreen.ts';

/** Rows that a preamble address code can name: by the low three bits of its first byte, two each (CTA-608-E, table 53). */
const preambleRows = [
  [10, 10],
  [0, 1],
  [2, 3],
  [11, 12],
  [13, 14],
  [4, 5],
  [6, 7],
  [8, 9],
] as const;

const plain: CharacterStyle = { italic: false, underlined: false };

/** One caption channel (CC1 to CC4): what its codes and characters put on the screen (CTA-608-E 7, annex B). */
export class Line21Channel {
  /** Called before what is on the screen is replaced, rather than added to. */
  readonly #replacing: () => void;
  #displayed = new CaptionScreen();
  #hidden = new CaptionScreen();
  /** `text`: what comes is for the text service, which is not shown. */
  #mode: 'none' | 'popOn' | 'rollUp' | 'paintOn' | 'text' = 'none';
  #depth = 2;
  #row = screenRows - 1;
  #column = 0;
  #style = plain;

  constructor(replacing: () => void) {
    this.#replacing = replacing;
  }

  get displayed(): CaptionScreen {
    return this.#displayed;
  }

  character(character: string): void {
    const screen = this.#screen;
    if (!screen) return;
    if (screen === this.#displayed && screen.isEmpty && character !== ' ') this.#replacing();
    screen.put(this.#row, this.#column, character, this.#style);
    this.#column = Math.min(this.#column + 1, screenColumns - 1);
  }

  /** A pair whose first byte is 0x10 to 0x17, with the channel's bit taken out. */
  control(first: number, second: number): void {
    const code = first & 0x7;
    if (second >= 0x40) this.#preamble(code, second);
    else if (code === 1 && second < 0x30) this.#midRow(second);
    else if (code === 1) this.character(specialCharacter(second));
    else if (code === 2 || code === 3) this.#extended(code, second);
    // Of the second field, 5 stands for 4.
    else if ((code === 4 || code === 5) && second < 0x30) this.#command(second);
    else if (code === 7 && second >= 0x21 && second <= 0x23) this.#move(second - 0x20);
  }

  /** What is being written into. */
  get #screen(): CaptionScreen | undefined {
    if (this.#mode === 'popOn') return this.#hidden;
    return this.#mode === 'rollUp' || this.#mode === 'paintOn' ? this.#displayed : undefined;
  }

  #move(columns: number): void {
    this.#column = Math.min(this.#column + columns, screenColumns - 1);
  }

  #preamble(code: number, second: number): void {
    const row = preambleRows[code]![second & 0x20 ? 1 : 0];
    const attribute = (second & 0x1e) >> 1;
    if (this.#mode === 'rollUp') this.#moveBase(row);
    else this.#row = row;
    this.#column = attribute >= 8 ? (attribute - 8) * 4 : 0;
    this.#style = { italic: attribute === 7, underlined: (second & 1) === 1 };
  }

  #moveBase(wanted: number): void {
    const row = Math.max(wanted, this.#depth - 1);
    if (row !== this.#row && !this.#displayed.isEmpty) {
      this.#replacing();
      this.#displayed.moveBase(this.#row, row, this.#depth);
    }
    this.#row = row;
  }

  /** Takes the place of a character. */
  #midRow(second: number): void {
    this.#style = { italic: (second & 0xe) === 0xe, underlined: (second & 1) === 1 };
    this.character(' ');
  }

  /** Comes after a plain character that stands for it where it is not known. */
  #extended(set: number, second: number): void {
    if (!this.#screen) return;
    this.#column = Math.max(0, this.#column - 1);
    this.character(extendedCharacter(set, second));
  }

  #command(second: number): void {
    switch (second) {
      case 0x20: // resume caption loading
        this.#mode = 'popOn';
        break;
      case 0x21: // backspace
        if (!this.#screen) break;
        this.#column = Math.max(0, this.#column - 1);
        this.#screen.erase(this.#row, this.#column, this.#column + 1);
        break;
      case 0x24: // delete to end of row
        this.#screen?.erase(this.#row, this.#column);
        break;
      case 0x25: // roll-up captions of 2, 3, 4 rows
      case 0x26:
      case 0x27:
        this.#rollUpMode(second - 0x23);
        break;
      case 0x29: // resume direct captioning
        this.#mode = 'paintOn';
        break;
      case 0x2a: // text restart, resume text display
      case 0x2b:
        this.#mode = 'text';
        break;
      case 0x2c: // erase displayed memory
        this.#clearDisplayed();
        break;
      case 0x2d: // carriage return
        this.#carriageReturn();
        break;
      case 0x2e: // erase non-displayed memory
        this.#hidden.clear();
        break;
      case 0x2f: // end of caption
        this.#replacing();
        [this.#displayed, this.#hidden] = [this.#hidden, this.#displayed];
        this.#mode = 'popOn';
        break;
      default: // flash on, alarms
    }
  }

  #rollUpMode(depth: number): void {
    if (this.#mode !== 'rollUp') {
      this.#clearDisplayed();
      this.#hidden.clear();
      this.#mode = 'rollUp';
      this.#row = screenRows - 1;
      this.#column = 0;
      this.#style = plain;
    }
    this.#depth = depth;
    this.#row = Math.max(this.#row, depth - 1);
  }

  #carriageReturn(): void {
    if (this.#mode !== 'rollUp') return;
    if (!this.#displayed.isEmpty) this.#replacing();
    this.#displayed.rollUp(this.#row, this.#depth);
    this.#column = 0;
    this.#style = plain;
  }

  #clearDisplayed(): void {
    if (!this.#displayed.isEmpty) this.#replacing();
    this.#displayed.clear();
  }
}
