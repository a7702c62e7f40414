import { Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ManualValues } from './entryValues.ts';

const formats = [
  { key: 'hls', label: 'HLS address', placeholder: 'https://cdn.example.com/live/master.m3u8' },
  { key: 'dash', label: 'DASH address', placeholder: 'https://cdn.example.com/live/manifest.mpd' },
  { key: 'hds', label: 'HDS address', placeholder: 'https://cdn.example.com/live/manifest.f4m' },
  { key: 'mss', label: 'Smooth Streaming address', placeholder: 'https://cdn.example.com/live.ism/Manifest' },
] as const;

/** Where a stream that is served elsewhere can be played. */
export function ManualUrlFields({ form }: { form: UseFormReturnType<ManualValues> }) {
  return (
    <Stack gap="md">
      {formats.map(({ key, label, placeholder }) => (
        <TextInput
          key={key}
          type="url"
          label={label}
          placeholder={placeholder}
          {...form.getInputProps(`urls.${key}`)}
        />
      ))}
    </Stack>
  );
}
