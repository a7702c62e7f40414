import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  /** The page has no other heading. */
  wholePage?: boolean;
}

/** Nothing here yet: what would be here, and the way to it. */
export function EmptyState({ icon, title, children, action, wholePage = false }: EmptyStateProps) {
  return (
    <Stack align="center" gap={6} py={56} px="md" ta="center">
      <span aria-hidden="true" style={{ color: 'var(--mantine-color-dimmed)', lineHeight: 0, marginBottom: 8 }}>
        {icon}
      </span>
      <Title order={wholePage ? 1 : 2} size="h2">
        {title}
      </Title>
      <Text c="dimmed" maw={440} mb={action ? 'md' : 0}>
        {children}
      </Text>
      {action}
    </Stack>
  );
}
