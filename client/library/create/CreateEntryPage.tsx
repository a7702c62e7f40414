import { Box, SegmentedControl } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { BackLink } from '../../ui/BackLink.tsx';
import { Page } from '../../ui/Page.tsx';
import { CreateLiveEntry } from './CreateLiveEntry.tsx';
import { CreateManualEntry } from './CreateManualEntry.tsx';

const leads = {
  live: 'You broadcast it: from this browser, or with an encoder. Viewers can be given its link right away.',
  manual:
    'A stream that is served somewhere else. It gets a page and a player here, nothing passes through this server.',
};

export function CreateEntryPage() {
  const [search, setSearch] = useSearchParams();
  const type = search.get('type') === 'manual' ? 'manual' : 'live';
  return (
    <Page title="New entry" width={760} above={<BackLink to="/entries">Entries</BackLink>} lead={leads[type]}>
      <Box mb="lg">
        <SegmentedControl
          aria-label="Kind of entry"
          value={type}
          onChange={(value) => setSearch(value === 'manual' ? { type: 'manual' } : {}, { replace: true })}
          data={[
            { value: 'live', label: 'Live stream' },
            { value: 'manual', label: 'Manual live stream URLs' },
          ]}
        />
      </Box>
      {type === 'live' ? <CreateLiveEntry /> : <CreateManualEntry />}
    </Page>
  );
}
