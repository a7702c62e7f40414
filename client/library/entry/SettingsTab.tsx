import { Button, Stack, Text } from '@mantine/core';
import { useNavigate } from 'react-router';
import { Section } from '../../ui/Section.tsx';
import { useDeleteDialog } from '../DeleteEntryDialog.tsx';
import { useEntryOfPage } from './entryContext.ts';
import { LiveSettingsForm } from './LiveSettingsForm.tsx';
import { ManualSettingsForm } from './ManualSettingsForm.tsx';
import { PictureSection } from './picture/PictureSection.tsx';
import { VideoSettingsForm } from './VideoSettingsForm.tsx';

export function SettingsTab() {
  const entry = useEntryOfPage();
  const navigate = useNavigate();
  const deleteDialog = useDeleteDialog(entry, () => void navigate('/entries', { replace: true }));
  return (
    <Stack gap="md" maw={760}>
      {entry.type === 'live' && <LiveSettingsForm key={entry.id} entry={entry} />}
      {entry.type === 'manual' && <ManualSettingsForm key={entry.id} entry={entry} />}
      {entry.type === 'video' && <VideoSettingsForm key={entry.id} entry={entry} />}
      <PictureSection key={`picture ${entry.id}`} entry={entry} />
      <Section title="Delete">
        <Text mb="md">The entry, its link and its media go away for good.</Text>
        <Button variant="outline" color="clay" onClick={deleteDialog.open}>
          Delete this entry…
        </Button>
      </Section>
      {deleteDialog.element}
    </Stack>
  );
}
