import { Stack } from '@mantine/core';
import type { Ingest } from '../../../shared/model/entry.ts';
import { firstStreamName } from '../../../shared/urls.ts';
import { CopyField } from '../../ui/CopyField.tsx';

/** For encoders that have fields for user name and password: where they are asked for them. */
export function LoginSettings({ ingest }: { ingest: Ingest }) {
  const { loginUrl, backupLoginUrl, secureLoginUrl, secureBackupLoginUrl } = ingest;
  return (
    <Stack gap="md">
      <CopyField
        label="Login server URL"
        value={loginUrl}
        description="Encoders send user name and password only where they are asked for them: here, not at the plain server URL."
      />
      <CopyField label="Backup login server URL" value={backupLoginUrl} />
      {secureLoginUrl && <CopyField label="Login server URL, encrypted (RTMPS)" value={secureLoginUrl} />}
      {secureBackupLoginUrl && (
        <CopyField label="Backup login server URL, encrypted (RTMPS)" value={secureBackupLoginUrl} />
      )}
      <CopyField label="Stream name without key" value={firstStreamName(ingest.streamName)} />
      <CopyField label="User name" value={ingest.username} />
      <CopyField label="Password" value={ingest.password} secret />
    </Stack>
  );
}
