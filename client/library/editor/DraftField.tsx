import { TextInput } from '@mantine/core';
import { useState } from 'react';

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

/** A field that takes what was typed with Enter, or when it is left; Escape takes it back. */
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
  const isWrong = draft !== undefined && parse(draft) === undefined;
  const commit = () => {
    if (draft === undefined || isWrong) return;
    const value = parse(draft);
    if (draft.trim() !== text && value !== undefined) onCommit(value);
    setDraft(undefined);
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
      onBlur={() => (isWrong ? setDraft(undefined) : commit())}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key === 'Escape') setDraft(undefined);
      }}
    />
  );
}
