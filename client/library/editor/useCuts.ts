import { useMemo, useReducer } from 'react';
import type { Cuts } from './cuts.ts';
import { beginHistory, change, redo, undo, type History } from './history.ts';

type Act =
  | { readonly type: 'undo' | 'redo' }
  | { readonly type: 'change'; readonly edit: (cuts: Cuts) => Cuts; readonly gesture: string | undefined };

function act(history: History<Cuts>, action: Act): History<Cuts> {
  if (action.type === 'change') return change(history, action.edit(history.present), action.gesture);
  return action.type === 'undo' ? undo(history) : redo(history);
}

export interface CutsEditing {
  readonly cuts: Cuts;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Edits of one gesture are undone together. */
  readonly edit: (edit: (cuts: Cuts) => Cuts, gesture?: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
}

export function useCuts(first: () => Cuts): CutsEditing {
  const [history, dispatch] = useReducer(act, undefined, () => beginHistory(first()));
  const actions = useMemo(
    () => ({
      edit: (edit: (cuts: Cuts) => Cuts, gesture?: string) => dispatch({ type: 'change', edit, gesture }),
      undo: () => dispatch({ type: 'undo' }),
      redo: () => dispatch({ type: 'redo' }),
    }),
    [],
  );
  return {
    cuts: history.present,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    ...actions,
  };
}
