import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { useId } from '@mantine/hooks';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { CopyButton } from './CopyButton.tsx';
import classes from './CopyField.module.css';

interface CopyFieldProps {
  label: string;
  value: string;
  description?: ReactNode;
  /** Hidden until it is asked for, whole or only this part of it; copying works all the same. */
  secret?: true | string;
  /** Wraps instead of scrolling: commands and embed codes. */
  block?: boolean;
}

/** A value to take elsewhere. */
export function CopyField({ label, value, description, secret, block = false }: CopyFieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const dots = '•'.repeat(12);
  const hidden = secret !== undefined && !shown;
  const text = hidden ? (secret === true ? dots : value.replaceAll(secret, dots)) : value;
  const name = label.charAt(0).toLowerCase() + label.slice(1);
  return (
    <fieldset className={classes.field} aria-labelledby={`${id}-label`}>
      <Text id={`${id}-label`} size="sm" fw={550} mb={4}>
        {label}
      </Text>
      <div className={classes.row}>
        <code
          className={`${classes.value} ${block ? classes.block : ''}`}
          // A value that scrolls has to be reachable with the keyboard.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={block ? undefined : 0}
          aria-label={hidden && secret === true ? `${label}, hidden` : undefined}
          role={hidden && secret === true ? 'img' : undefined}
        >
          {text}
        </code>
        <div className={classes.actions}>
          {secret !== undefined && (
            <Tooltip label={shown ? 'Hide' : 'Show'}>
              <ActionIcon
                size="lg"
                onClick={() => setShown(!shown)}
                aria-label={shown ? `Hide ${name}` : `Show ${name}`}
              >
                {shown ? <IconEyeOff size={17} /> : <IconEye size={17} />}
              </ActionIcon>
            </Tooltip>
          )}
          <CopyButton value={value} name={name} />
        </div>
      </div>
      {description && (
        <Text size="sm" c="dimmed" mt={4}>
          {description}
        </Text>
      )}
    </fieldset>
  );
}
