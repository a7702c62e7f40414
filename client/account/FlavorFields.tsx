import { ActionIcon, Button, NativeSelect, NumberInput, Text, TextInput, Tooltip } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import classes from './FlavorFields.module.css';
import { maxFlavors, nextFlavor, type ProfileValues } from './profileValues.ts';

/** The renditions a profile makes besides the source. */
export function FlavorFields({ form }: { form: UseFormReturnType<ProfileValues> }) {
  const { flavors } = form.values;
  return (
    <div>
      {flavors.length === 0 && (
        <Text c="dimmed" mb="sm">
          None: viewers get the source only.
        </Text>
      )}
      {flavors.map((_, at) => (
        // Renditions have no identity but their place.
        // oxlint-disable-next-line react/no-array-index-key
        <fieldset key={at} className={classes.flavor} aria-label={`Rendition ${at + 1}`}>
          <TextInput label="Name" {...form.getInputProps(`flavors.${at}.name`)} />
          <NumberInput
            label="Width"
            hideControls
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            {...form.getInputProps(`flavors.${at}.width`)}
          />
          <NumberInput
            label="Height"
            hideControls
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            {...form.getInputProps(`flavors.${at}.height`)}
          />
          <NumberInput
            label="Bitrate"
            suffix=" kb/s"
            hideControls
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            {...form.getInputProps(`flavors.${at}.videoBitrateKbps`)}
          />
          <NativeSelect
            label="H.264 profile"
            data={[
              { value: 'baseline', label: 'Baseline' },
              { value: 'main', label: 'Main' },
              { value: 'high', label: 'High' },
            ]}
            {...form.getInputProps(`flavors.${at}.h264Profile`)}
          />
          <Tooltip label="Remove">
            <ActionIcon
              size={36}
              className={classes.remove}
              aria-label={`Remove rendition ${at + 1}`}
              onClick={() => form.removeListItem('flavors', at)}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </Tooltip>
        </fieldset>
      ))}
      <Button
        variant="light"
        size="sm"
        mt="xs"
        leftSection={<IconPlus size={16} />}
        disabled={flavors.length >= maxFlavors}
        onClick={() => form.insertListItem('flavors', nextFlavor(flavors))}
      >
        {flavors.length >= maxFlavors ? 'Six is the most' : 'Add a rendition'}
      </Button>
    </div>
  );
}
