import { Group, Pagination, Text } from '@mantine/core';

interface PageNumbersProps {
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  readonly total: number;
  /** Of one, and of several. */
  readonly names: readonly [string, string];
  readonly onChange: (page: number) => void;
}

/** Under a list: what of it is shown, and where there is more, the pages to choose from. */
export function PageNumbers({ page, pageSize, total, names, onChange }: PageNumbersProps) {
  const pages = Math.ceil(total / pageSize);
  return (
    <Group justify="space-between" mt="md" mih={36}>
      <Text size="sm" c="dimmed" component="output" className="tl-figures">
        {rangeText(page, pageSize, total, names)}
      </Text>
      {pages > 1 && (
        <Pagination
          total={pages}
          value={Math.min(page, pages)}
          onChange={onChange}
          size="sm"
          getControlProps={(control) => ({ 'aria-label': `${control} page` })}
          getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
        />
      )}
    </Group>
  );
}

function rangeText(page: number, pageSize: number, total: number, [one, several]: readonly [string, string]): string {
  if (total <= pageSize) return total === 1 ? `1 ${one}` : `${total} ${several}`;
  return `${(page - 1) * pageSize + 1}–${Math.min(page * pageSize, total)} of ${total} ${several}`;
}
