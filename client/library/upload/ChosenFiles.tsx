import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { entryNameSchema } from '../../../shared/model/entry.ts';
import { useProfiles } from '../../api/profileQueries.ts';
import { formatBytes } from '../../ui/formatBytes.ts';
import { Section } from '../../ui/Section.tsx';
import { ProfileField } from '../fields/ProfileField.tsx';
import { nameFromFile } from './nameFromFile.ts';
import { useUploads } from './Uploads.tsx';

interface ChosenFilesProps {
  files: readonly File[];
  onDone: () => void;
}

/** What the chosen files are called and what is made of them, before they are sent. */
export function ChosenFiles({ files, onDone }: ChosenFilesProps) {
  const { queue } = useUploads();
  const profiles = useProfiles();
  const [names, setNames] = useState(() => files.map((file) => nameFromFile(file.name)));
  const [chosen, setChosen] = useState('');
  const [checked, setChecked] = useState(false);
  const profileId = chosen || (profiles.data?.items.find(({ isDefault }) => isDefault)?.id ?? '');
  const problems = names.map((name) => entryNameSchema.safeParse(name).error?.issues[0]?.message);
  const begin = () => {
    setChecked(true);
    if (problems.some(Boolean) || !profileId) return;
    files.forEach((file, index) => queue.add(file, { name: names[index]!.trim(), profileId }));
    onDone();
  };
  return (
    <Section title={files.length === 1 ? 'Chosen file' : `${files.length} chosen files`}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        <Stack gap="lg">
          <Stack gap="sm">
            {files.map((file, index) => (
              <TextInput
                key={`${file.name} ${file.lastModified}`}
                label={files.length === 1 ? 'Name' : `Name of file ${index + 1}`}
                description={
                  <Text span size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {`${file.name}, ${formatBytes(file.size)}`}
                  </Text>
                }
                value={names[index]}
                error={checked && problems[index]}
                maxLength={200}
                onChange={(event) => setNames(names.with(index, event.currentTarget.value))}
              />
            ))}
          </Stack>
          <ProfileField value={profileId} onChange={setChosen} />
          <Group justify="flex-end">
            <Button variant="subtle" onClick={onDone}>
              Cancel
            </Button>
            <Button type="submit" disabled={!profileId}>
              {files.length === 1 ? 'Upload' : `Upload ${files.length} files`}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
