import { Box, Skeleton, Stack } from '@mantine/core';

/** Stands where a page will be, in its measures, so that nothing moves when it comes. */
export function PageSkeleton() {
  return (
    <Box maw={1160} mx="auto" px={{ base: 16, sm: 28 }} pt={{ base: 20, sm: 32 }} aria-busy="true" aria-label="Loading">
      <Skeleton h={34} w={220} mb="lg" />
      <SectionSkeleton rows={6} />
    </Box>
  );
}

export function SectionSkeleton({ rows }: { rows: number }) {
  return (
    <Stack
      gap="md"
      p={22}
      aria-busy="true"
      style={{ background: 'var(--tl-surface)', border: '1px solid var(--tl-line)', borderRadius: 14 }}
    >
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} h={18} w={`${92 - ((row * 17) % 40)}%`} />
      ))}
    </Stack>
  );
}
