/** States one can go back to, and forth again. */
export interface History<State> {
  readonly past: readonly State[];
  readonly present: State;
  readonly future: readonly State[];
  /** What the last change was part of, such as one drag. */
  readonly gesture: string | undefined;
}

const mostKept = 200;

export function beginHistory<State>(present: State): History<State> {
  return { past: [], present, future: [], gesture: undefined };
}

/** Changes of one gesture, one after the other, are undone together. */
export function change<State>(history: History<State>, next: State, gesture?: string): History<State> {
  if (next === history.present) return history;
  const goesOn = gesture !== undefined && gesture === history.gesture;
  const past = goesOn ? history.past : [...history.past, history.present].slice(-mostKept);
  return { past, present: next, future: [], gesture };
}

export function undo<State>(history: History<State>): History<State> {
  const { past, present, future } = history;
  const previous = past.at(-1);
  if (previous === undefined) return history;
  return { past: past.slice(0, -1), present: previous, future: [present, ...future], gesture: undefined };
}

export function redo<State>(history: History<State>): History<State> {
  const { past, present, future } = history;
  const [next, ...rest] = future;
  if (next === undefined) return history;
  return { past: [...past, present], present: next, future: rest, gesture: undefined };
}
