import { ActionIcon, CopyButton as MantineCopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

export function CopyButton({ value, name }: { value: string; name: string }) {
  return (
    <MantineCopyButton value={value} timeout={1800}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy'}>
          <ActionIcon size="lg" onClick={copy} aria-label={copied ? `${name} copied` : `Copy ${name}`}>
            {copied ? <IconCheck size={17} color="var(--mantine-primary-color-filled)" /> : <IconCopy size={17} />}
          </ActionIcon>
        </Tooltip>
      )}
    </MantineCopyButton>
  );
}
