import { CloseButton, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { entryStateSchema } from '../../shared/model/state.ts';
import type { EntriesView } from './entriesSearch.ts';

interface EntriesToolbarProps {
  view: EntriesView;
  onChange: (change: Partial<EntriesView>) => void;
}

/** Search and filters. */
export function EntriesToolbar({ view, onChange }: EntriesToolbarProps) {
  const [text, setText] = useState(view.search);
  const search = useDebouncedCallback((value: string) => onChange({ search: value }), 250);
  const [known, setKnown] = useState(view.search);
  // Back and forward change the URL under the field.
  if (known !== view.search) {
    setKnown(view.search);
    setText(view.search);
  }
  const type = (value: string) => {
    search(value);
    setText(value);
  };

  return (
    <Group component="search" gap="sm" mb="md" aria-label="Entries">
      <TextInput
        aria-label="Search entries"
        placeholder="Search name, description, tag or id"
        leftSection={<IconSearch size={16} />}
        rightSection={text && <CloseButton size="sm" aria-label="Clear the search" onClick={() => type('')} />}
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
        style={{ flex: '1 1 240px' }}
        maxLength={200}
      />
      <NativeSelect
        aria-label="Type"
        value={view.type ?? ''}
        onChange={(event) => onChange({ type: (event.currentTarget.value || null) as EntriesView['type'] })}
        data={[
          { value: '', label: 'All types' },
          { value: 'live', label: 'Live stream' },
          { value: 'video', label: 'Video' },
          { value: 'manual', label: 'Manual URLs' },
        ]}
        style={{ flex: '0 1 150px' }}
      />
      <NativeSelect
        aria-label="State"
        value={view.state ?? ''}
        onChange={(event) => onChange({ state: (event.currentTarget.value || null) as EntriesView['state'] })}
        data={[
          { value: '', label: 'All states' },
          ...entryStateSchema.options.map((state) => ({
            value: state,
            label: state.charAt(0).toUpperCase() + state.slice(1),
          })),
        ]}
        style={{ flex: '0 1 150px' }}
      />
    </Group>
  );
}
