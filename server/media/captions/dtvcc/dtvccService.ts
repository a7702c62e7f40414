import type { CaptionLine } from '../captionScreen.ts';
import { CaptionWindow } from './captionWindow.ts';
import { dtvccCharacter, extendedDtvccCharacter } from './dtvccCharacters.ts';
import { codeBytes, codes } from './dtvccCodes.ts';
import { readWindowDefinition } from './windowDefinition.ts';

const windowIds = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** One caption service: what its codes and characters put into up to eight windows (CTA-708-E 7 and 8). */
export class DtvccService {
  /** Called before what is on the screen is replaced, rather than added to. */
  readonly #replacing: () => void;
  readonly #windows: (CaptionWindow | undefined)[] = windowIds.map(() => undefined);
  #current = 0;

  constructor(replacing: () => void) {
    this.#replacing = replacing;
  }

  /** The codes of one block. None of them goes on in the next. */
  push(block: Uint8Array): void {
    for (let offset = 0; offset < block.length;) {
      const end = offset + codeBytes(block, offset);
      if (end > block.length) return;
      this.#code(block[offset]!, block.subarray(offset + 1, end));
      offset = end;
    }
  }

  /** No window is left. */
  reset(): void {
    for (const id of windowIds) this.#delete(id);
    this.#current = 0;
  }

  /** Window by window from the top, so that the lines of each stay together. None is taken to hide another. */
  lines(): CaptionLine[] {
    return this.#windows
      .filter((window) => window !== undefined)
      .toSorted(({ definition: a }, { definition: b }) => a.top - b.top || a.left - b.left || a.priority - b.priority)
      .flatMap((window) => window.lines());
  }

  #code(code: number, parameters: Uint8Array): void {
    if (code === codes.extended) this.#extended(parameters[0]!);
    else if (code < 0x20) this.#control(code);
    else if (code < codes.setCurrentWindow || code >= 0xa0) this.#character(dtvccCharacter(code));
    else if (code < codes.clearWindows) this.#current = code - codes.setCurrentWindow;
    else if (code >= codes.defineWindow) this.#define(code - codes.defineWindow, parameters);
    else this.#command(code, parameters);
  }

  #character(character: string): void {
    this.#windows[this.#current]?.character(character);
  }

  /** C2 and C3 have no codes in use. */
  #extended(code: number): void {
    if ((code >= 0x20 && code < 0x80) || code >= 0xa0) this.#character(extendedDtvccCharacter(code));
  }

  /** C0. What character sets 16-bit codes (P16) are of is agreed on outside of the stream: they are left out. */
  #control(code: number): void {
    const window = this.#windows[this.#current];
    if (code === codes.backspace) window?.backspace();
    else if (code === codes.formFeed) window?.restart();
    else if (code === codes.carriageReturn) window?.carriageReturn();
    else if (code === codes.horizontalCarriageReturn) window?.restartRow();
  }

  #define(id: number, parameters: Uint8Array): void {
    const definition = readWindowDefinition(parameters);
    const window = this.#windows[id];
    if (window) window.redefine(definition);
    else this.#windows[id] = new CaptionWindow(definition, this.#replacing);
    this.#current = id;
  }

  /** Delays are for receivers that read ahead of the picture: here all is shown as it comes. */
  #command(code: number, parameters: Uint8Array): void {
    const [first = 0, second = 0] = parameters;
    const window = this.#windows[this.#current];
    switch (code) {
      case codes.clearWindows:
        for (const named of this.#named(first)) named.clear();
        break;
      case codes.displayWindows:
        for (const named of this.#named(first)) named.visible = true;
        break;
      case codes.hideWindows:
        for (const named of this.#named(first)) named.visible = false;
        break;
      case codes.toggleWindows:
        for (const named of this.#named(first)) named.visible = !named.visible;
        break;
      case codes.deleteWindows:
        for (const id of windowIds) if (first & (1 << id)) this.#delete(id);
        break;
      case codes.reset:
        this.reset();
        break;
      case codes.setPenAttributes:
        window?.setPen(parameters);
        break;
      case codes.setPenLocation:
        window?.movePen(first & 0xf, second & 0x3f);
        break;
      case codes.setWindowAttributes:
        window?.setAttributes(parameters);
        break;
      default: // colours, delays, codes not in use
    }
  }

  /** Windows named by a bit each. */
  #named(bits: number): CaptionWindow[] {
    return this.#windows.filter((window, id) => window !== undefined && bits & (1 << id)) as CaptionWindow[];
  }

  #delete(id: number): void {
    const window = this.#windows[id];
    if (window) window.visible = false;
    this.#windows[id] = undefined;
  }
}
