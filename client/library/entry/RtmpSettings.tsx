import { Code, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Ingest } from '../../../shared/model/entry.ts';
import { firstStreamName } from '../../../shared/urls.ts';
import { CopyField } from '../../ui/CopyField.tsx';
import { Section } from '../../ui/Section.tsx';
import { streamKey } from './encoderSetup.ts';

export function RtmpSettings({ ingest, action }: { ingest: Ingest; action: ReactNode }) {
  return (
    <Section
      title="Encoder (RTMP)"
      description="For OBS, ffmpeg, vMix, Wirecast and hardware encoders. Send H.264 and AAC, a key frame every 2 seconds."
      action={action}
    >
      <Stack gap="md">
        <CopyField label="Server URL" value={ingest.primaryUrl} />
        <CopyField
          label="Stream key"
          value={streamKey(ingest)}
          secret={ingest.password}
          description="The stream’s name and its password in one, as most encoders want it. Treat it like a password."
        />
        <CopyField label="Backup server URL" value={ingest.backupUrl} />
        {ingest.securePrimaryUrl && <CopyField label="Server URL, encrypted (RTMPS)" value={ingest.securePrimaryUrl} />}
        {ingest.secureBackupUrl && (
          <CopyField label="Backup server URL, encrypted (RTMPS)" value={ingest.secureBackupUrl} />
        )}
        <details>
          <summary>Encoders that ask for stream name, user name and password separately</summary>
          <Stack gap="md" mt="md">
            <CopyField
              label="Stream name"
              value={firstStreamName(ingest.streamName)}
              description={
                <>
                  The <Code>1</Code> at the end counts streams: an encoder that sends several qualities names them{' '}
                  <Code>_1</Code>, <Code>_2</Code> and so on. Flash Media Live Encoder counts by itself when it is given{' '}
                  <Code>{ingest.streamName}</Code>.
                </>
              }
            />
            <CopyField label="User name" value={ingest.username} />
            <CopyField label="Password" value={ingest.password} secret />
          </Stack>
        </details>
      </Stack>
    </Section>
  );
}
