import { Stack } from '@mantine/core';
import type { Ingest } from '../../../shared/model/entry.ts';
import { CopyField } from '../../ui/CopyField.tsx';
import { Section } from '../../ui/Section.tsx';

export function RtspSettings({ ingest, rtspUrl }: { ingest: Ingest; rtspUrl: string }) {
  return (
    <Section
      title="RTSP"
      description="For encoders that push over RTSP (ANNOUNCE and RECORD), such as GoCoder and GStreamer."
    >
      <Stack gap="md">
        <CopyField label="RTSP URL" value={rtspUrl} />
        {ingest.rtspBackupUrl && <CopyField label="Backup RTSP URL" value={ingest.rtspBackupUrl} />}
        <CopyField label="User name for RTSP" value={ingest.username} />
        <CopyField label="Password for RTSP" value={ingest.password} secret />
      </Stack>
    </Section>
  );
}
