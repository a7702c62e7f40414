import { TextInput } from '@mantine/core';
import { useRef, useState, type KeyboardEvent } from 'react';

interface DraftFieldProps {
  label: string;
  /** Its name is for screen readers only. */
  bare?: boolean;
  /** What it says while nobody types. */
  text: string;
  /** Undefined: what was typed cannot be meant. */
  parse: (typed: string) => number | undefined;
  onCommit: (value: number) => void;
  /** What is expected, where it cannot be meant. */
  expected: string;
  widthPixels: number;
  disabled?: boolean;
}

/** A field that takes what was typed with Enter, or when it is left; Escape takes it back. Both leave it: keys are commands again. */
export function DraftField({
  label,
  bare = false,
  text,
  parse,
  onCommit,
  expected,
  widthPixels,
  disabled,
}: DraftFieldProps) {
  const [draft, setDraft] = useState<string>();
  const isTakenBack = useRef(false);
  const isWrong = draft !== undefined && parse(draft) === undefined;
  const leave = () => {
    const value = draft === undefined || isTakenBack.current ? undefined : parse(draft);
    if (value !== undefined && draft?.trim() !== text) onCommit(value);
    isTakenBack.current = false;
    setDraft(undefined);
  };
  const onKeyDown = ({ key, currentTarget }: KeyboardEvent<HTMLInputElement>) => {
    isTakenBack.current = key === 'Escape';
    if (key === 'Escape' || (key === 'Enter' && !isWrong)) currentTarget.blur();
  };
  return (
    <TextInput
      {...(bare ? { 'aria-label': label, title: label } : { label })}
      value={draft ?? text}
      error={isWrong && expected}
      disabled={disabled}
      w={widthPixels}
      size="sm"
      autoComplete="off"
      spellCheck={false}
      classNames={{ input: 'tl-figures' }}
      styles={{ label: { whiteSpace: 'nowrap' } }}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={onKeyDown}
    />
  );
}
