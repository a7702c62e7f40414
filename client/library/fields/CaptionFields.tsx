import { ActionIcon, Button, Group, NativeSelect, Select, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { captionChannels, captionModes, newCaptionChannel } from './captionChoices.ts';
import classes from './CaptionFields.module.css';
import type { LiveValues } from './entryValues.ts';

interface CaptionFieldsProps {
  form: UseFormReturnType<LiveValues>;
  disabled?: boolean;
}

/** When viewers are offered the captions that come with the source, and what they are called. */
export function CaptionFields({ form, disabled }: CaptionFieldsProps) {
  const { mode, channels } = form.values.captions;
  const next = newCaptionChannel(channels);
  return (
    <Stack gap="sm">
      <Select
        label="When viewers are offered them"
        description="Captions inside the picture (CEA-608 and CEA-708), or sent beside it over RTMP."
        data={captionModes}
        allowDeselect={false}
        maw={420}
        disabled={disabled}
        {...form.getInputProps('captions.mode')}
      />
      {mode !== 'off' && (
        <>
          {channels.map(({ channel }, index) => (
            <fieldset
              key={form.key(`captions.channels.${index}`)}
              className={classes.row}
              aria-label={`Captions in ${channel}`}
            >
              <NativeSelect
                label="Channel"
                data={captionChannels(channels, channel)}
                disabled={disabled}
                {...form.getInputProps(`captions.channels.${index}.channel`)}
              />
              <TextInput
                label="Language"
                placeholder="en"
                disabled={disabled}
                {...form.getInputProps(`captions.channels.${index}.language`)}
              />
              <TextInput
                label="Name in the menu"
                disabled={disabled}
                {...form.getInputProps(`captions.channels.${index}.label`)}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={`Remove ${channel}`}
                disabled={disabled}
                onClick={() => form.removeListItem('captions.channels', index)}
              >
                <IconTrash size={18} stroke={1.5} />
              </ActionIcon>
            </fieldset>
          ))}
          <Group gap="sm">
            {next && (
              <Button
                variant="default"
                size="xs"
                leftSection={<IconPlus size={16} stroke={1.5} />}
                disabled={disabled}
                onClick={() => form.insertListItem('captions.channels', next)}
              >
                Name another channel
              </Button>
            )}
            <Text size="sm" c="dimmed">
              What is seen and not named here is shown by the name of its channel.
            </Text>
          </Group>
        </>
      )}
    </Stack>
  );
}
