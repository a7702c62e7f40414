import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';

interface Confirmation {
  title: string;
  body: ReactNode;
  /** What the button does, as a verb: "End broadcast". */
  action: string;
  cancel?: string;
  destructive?: boolean;
}

/** Asks before something that others notice; resolves with the answer. */
export function confirm({
  title,
  body,
  action,
  cancel = 'Cancel',
  destructive = false,
}: Confirmation): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title: (
        <Text fw={650} size="lg">
          {title}
        </Text>
      ),
      children: <Text component="div">{body}</Text>,
      labels: { confirm: action, cancel },
      confirmProps: { color: destructive ? 'clay' : 'ink' },
      cancelProps: { variant: 'subtle' },
      closeButtonProps: { 'aria-label': 'Close' },
      onConfirm: () => resolve(true),
      onCancel: () => resolve(false),
      onClose: () => resolve(false),
    });
  });
}
