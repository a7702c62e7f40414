import { Stack } from '@mantine/core';
import type { Ingest } from '../../../shared/model/entry.ts';
import { CopyField } from '../../ui/CopyField.tsx';
import { Section } from '../../ui/Section.tsx';

export function WhipSettings({ ingest }: { ingest: Ingest }) {
  return (
    <Section
      title="WebRTC (WHIP)"
      description="For encoders that speak WHIP, such as OBS 30 and newer. The Go live page uses the same address."
    >
      <Stack gap="md">
        <CopyField label="WHIP URL" value={ingest.whipUrl} />
        <CopyField label="Backup WHIP URL" value={ingest.whipBackupUrl} />
        <CopyField label="Bearer token" value={ingest.whipToken} secret />
      </Stack>
    </Section>
  );
}
