import { useEffect, useRef } from 'react';
import { commandOf, type EditorCommand } from './keys.ts';

const takesAllKeys = 'input:not([type="radio"]), textarea, select, [contenteditable], [role="dialog"], [role="menu"]';

/** Whether an element does something of its own with a key: fields and dialogs with all of them, the rest with some. */
function takes(element: Element, { key }: KeyboardEvent): boolean {
  if (element.closest(takesAllKeys)) return true;
  if (element.closest('input')) return key.startsWith('Arrow');
  return key === ' ' && element.closest('button, a, summary') !== null;
}

/** Keys go to the editor wherever the focus is, except to what takes them itself. */
export function useEditorKeys(onCommand: (command: EditorCommand) => void): void {
  const latest = useRef(onCommand);
  useEffect(() => {
    latest.current = onCommand;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !(event.target instanceof Element)) return;
      const command = commandOf(event);
      if (!command || takes(event.target, event)) return;
      event.preventDefault();
      latest.current(command);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
