import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { copyText } from './copyText.ts';
import { notifyProblem } from './notify.ts';

const copiedForMs = 1800;

export function CopyButton({ value, name }: { value: string; name: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), copiedForMs);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    if (await copyText(value)) setCopied(true);
    else notifyProblem('It was not copied', new Error('Select the text and copy it with the keyboard.'));
  };
  return (
    <Tooltip label={copied ? 'Copied' : 'Copy'}>
      <ActionIcon size="lg" onClick={() => void copy()} aria-label={copied ? `${name} copied` : `Copy ${name}`}>
        {copied ? <IconCheck size={17} color="var(--mantine-primary-color-filled)" /> : <IconCopy size={17} />}
      </ActionIcon>
    </Tooltip>
  );
}
