import { Code, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Ingest } from '../../../shared/model/entry.ts';
import { firstStreamName } from '../../../shared/urls.ts';
import { CopyField } from '../../ui/CopyField.tsx';
import { Section } from '../../ui/Section.tsx';
import { keylessUrl, streamKey } from './encoderSetup.ts';

export function RtmpSettings({ ingest, action }: { ingest: Ingest; action: ReactNode }) {
  return (
    <Section
      title="RTMP"
      description="For OBS, ffmpeg, vMix, Wirecast and hardware encoders. Send H.264 and AAC, a key frame every 2 seconds."
      action={action}
    >
      <Stack gap="md">
        <CopyField label="Server URL" value={keylessUrl(ingest.primaryUrl)} />
        <CopyField
          label="Stream key"
          value={streamKey(ingest)}
          secret={ingest.password}
          description="The stream’s name and its password in one, as most encoders want it. Treat it like a password."
        />
        <CopyField label="Backup server URL" value={keylessUrl(ingest.backupUrl)} />
        {ingest.securePrimaryUrl && (
          <CopyField label="Server URL, encrypted (RTMPS)" value={keylessUrl(ingest.securePrimaryUrl)} />
        )}
        {ingest.secureBackupUrl && (
          <CopyField label="Backup server URL, encrypted (RTMPS)" value={keylessUrl(ingest.secureBackupUrl)} />
        )}
        <details>
          <summary>Encoders with separate fields, such as Flash Media Live Encoder</summary>
          <Stack gap="md" mt="md">
            <CopyField
              label="Server URL with key"
              value={ingest.primaryUrl}
              secret={ingest.password}
              description="Use it where the stream’s name has to stay plain."
            />
            <CopyField label="Backup server URL with key" value={ingest.backupUrl} secret={ingest.password} />
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
            <CopyField
              label="Password"
              value={ingest.password}
              secret
              description={
                <>
                  For encoders that log in: they get the server URL without key, and <Code>?auth=adobe</Code> behind it.
                  With the key in the server URL, user name and password can be left out.
                </>
              }
            />
          </Stack>
        </details>
      </Stack>
    </Section>
  );
}
