import { Group, List, Stack, Text } from '@mantine/core';
import type { EncoderSettings } from '../../../../shared/model/encoderSettings.ts';
import { CopyField } from '../../../ui/CopyField.tsx';
import { DownloadButton } from '../../../ui/DownloadButton.tsx';
import { SecretQrCode } from './SecretQrCode.tsx';

/** One encoder's steps, fields, commands, files and codes. */
export function EncoderExport({ encoder }: { encoder: EncoderSettings }) {
  const { steps, notes, fields, commands, files, codes } = encoder;
  return (
    <Stack gap="md">
      {steps.length > 0 && (
        <List type="ordered" spacing={6}>
          {steps.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      )}
      {fields.map(({ label, value, secret }) => (
        <CopyField key={label} label={label} value={value} secret={secret ?? undefined} />
      ))}
      {commands.map(({ label, text, secret }) => (
        <CopyField key={label} block label={label} value={text} secret={secret ?? undefined} />
      ))}
      {codes.map((code) => (
        <SecretQrCode key={code.label} code={code} />
      ))}
      {files.length > 0 && (
        <Group gap={8}>
          {files.map((file) => (
            <DownloadButton key={file.name} {...file} />
          ))}
        </Group>
      )}
      {notes.map((note) => (
        <Text key={note} size="sm" c="dimmed">
          {note}
        </Text>
      ))}
    </Stack>
  );
}
