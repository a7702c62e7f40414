import { Box, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PageProps {
  title: string;
  /** Beside the title: a state, a count. */
  badge?: ReactNode;
  lead?: ReactNode;
  above?: ReactNode;
  actions?: ReactNode;
  width?: number;
  children: ReactNode;
}

/** The frame of a page: document title, heading, actions, content. */
export function Page({ title, badge, lead, above, actions, width = 1160, children }: PageProps) {
  return (
    <Box maw={width} mx="auto" px={{ base: 16, sm: 28 }} pt={{ base: 20, sm: 32 }} pb={64}>
      <title>{`${title} · Tallylight`}</title>
      {above}
      <Group justify="space-between" align="flex-start" gap="md" mb="lg" wrap="wrap">
        <Box style={{ minWidth: 0, flex: '1 1 180px' }}>
          <Group gap="sm" align="center" wrap="wrap">
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {badge}
          </Group>
          {lead && (
            <Text c="dimmed" mt={4} maw={680}>
              {lead}
            </Text>
          )}
        </Box>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}
