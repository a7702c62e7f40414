export type EditorCommand =
  | 'setIn'
  | 'setOut'
  | 'goToIn'
  | 'goToOut'
  | 'backwards'
  | 'pause'
  | 'forwards'
  | 'toggle'
  | 'playSelection'
  | 'frameBack'
  | 'frameOn'
  | 'secondBack'
  | 'secondOn'
  | 'start'
  | 'end'
  | 'newClip'
  | 'zoomIn'
  | 'zoomOut'
  | 'undo'
  | 'redo'
  | 'help';

interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const plain: Record<string, EditorCommand> = {
  i: 'setIn',
  o: 'setOut',
  j: 'backwards',
  k: 'pause',
  l: 'forwards',
  p: 'playSelection',
  n: 'newClip',
  ' ': 'toggle',
  arrowleft: 'frameBack',
  arrowright: 'frameOn',
  home: 'start',
  end: 'end',
  '+': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
  '?': 'help',
};
const shifted: Record<string, EditorCommand> = {
  i: 'goToIn',
  o: 'goToOut',
  arrowleft: 'secondBack',
  arrowright: 'secondOn',
  '+': 'zoomIn',
  '?': 'help',
};
const controlled: Record<string, EditorCommand> = { z: 'undo', y: 'redo' };

/** What a key does in the editor; undefined leaves it to the browser. */
export function commandOf({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyPress): EditorCommand | undefined {
  const name = key.toLowerCase();
  if (altKey) return undefined;
  if (ctrlKey || metaKey) return shiftKey ? (name === 'z' ? 'redo' : undefined) : controlled[name];
  return (shiftKey ? shifted : plain)[name];
}

/** For the list of keys, in its order. */
export const keyTexts: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['I'], does: 'The clip begins with the frame shown' },
  { keys: ['O'], does: 'The clip ends with the frame shown' },
  { keys: ['Shift I', 'Shift O'], does: 'Go to the first or last frame of the clip' },
  { keys: ['Space'], does: 'Play or pause' },
  { keys: ['J', 'K', 'L'], does: 'Play backwards, pause, play; J or L again is faster' },
  { keys: ['P'], does: 'Play the clip' },
  { keys: ['←', '→'], does: 'A frame back or on' },
  { keys: ['Shift ←', 'Shift →'], does: 'A second back or on' },
  { keys: ['Home', 'End'], does: 'The beginning or the end' },
  { keys: ['+', '−'], does: 'Zoom in or out' },
  { keys: ['N'], does: 'New clip' },
  { keys: ['Ctrl Z', 'Shift Ctrl Z'], does: 'Undo or redo (⌘ on a Mac)' },
  { keys: ['?'], does: 'This list' },
];
