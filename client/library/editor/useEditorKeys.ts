import { useEffect, useRef } from 'react';
import { commandOf, type EditorCommand } from './keys.ts';

/** Keys go to the editor wherever the focus is, except to what takes them itself: fields, buttons, dialogs. */
export function useEditorKeys(onCommand: (command: EditorCommand) => void): void {
  const latest = useRef(onCommand);
  useEffect(() => {
    latest.current = onCommand;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !(event.target instanceof Element)) return;
      if (event.target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]')) return;
      const command = commandOf(event);
      if (!command || (command === 'toggle' && event.target.closest('button, a, summary'))) return;
      event.preventDefault();
      latest.current(command);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
