import { Code, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Ingest } from '../../../shared/model/entry.ts';
import { firstStreamName } from '../../../shared/urls.ts';
import { CopyField } from '../../ui/CopyField.tsx';
import { Section } from '../../ui/Section.tsx';
import { keylessUrl, streamKey } from './encoderSetup.ts';
import { LoginSettings } from './LoginSettings.tsx';
import classes from './RtmpSettings.module.css';

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
        <Alternative summary="Encoders that log in with user name and password">
          <LoginSettings ingest={ingest} />
        </Alternative>
        <Alternative summary="Encoders whose stream name has to stay plain, such as Flash Media Live Encoder">
          <PlainNameSettings ingest={ingest} />
        </Alternative>
      </Stack>
    </Section>
  );
}

function Alternative({ summary, children }: { summary: string; children: ReactNode }) {
  return (
    <details className={classes.alternative}>
      <summary>{summary}</summary>
      <div className={classes.content}>{children}</div>
    </details>
  );
}

function PlainNameSettings({ ingest }: { ingest: Ingest }) {
  return (
    <Stack gap="md">
      <CopyField label="Server URL with key" value={ingest.primaryUrl} secret={ingest.password} />
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
    </Stack>
  );
}
