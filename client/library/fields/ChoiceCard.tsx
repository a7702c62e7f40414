import { Radio } from '@mantine/core';
import { useId } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './ChoiceCard.module.css';

interface ChoiceCardProps {
  value: string;
  label: string;
  disabled?: boolean;
  children?: ReactNode;
}

/** A radio button as large as its explanation; belongs in a Radio.Group. */
export function ChoiceCard({ value, label, disabled, children }: ChoiceCardProps) {
  const id = useId();
  return (
    <label className={classes.card} htmlFor={id}>
      <Radio
        id={id}
        value={value}
        disabled={disabled}
        aria-labelledby={`${id}-label`}
        aria-describedby={children ? `${id}-body` : undefined}
        mt={2}
      />
      <span className={classes.body}>
        <span id={`${id}-label`} className={classes.label}>
          {label}
        </span>
        {children && <div id={`${id}-body`}>{children}</div>}
      </span>
    </label>
  );
}
