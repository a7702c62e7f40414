import { Button, Group, Stack } from '@mantine/core';
import { IconDownload, IconRefresh } from '@tabler/icons-react';
import { fmleUrl } from '../../api/encoderQueries.ts';
import { useRenewCredentials } from '../../api/entryQueries.ts';
import { useEntryHealth } from '../../api/useEntryHealth.ts';
import { confirm } from '../../ui/confirm.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { notifyDone, notifyProblem } from '../../ui/notify.ts';
import { EncoderExports } from './encoders/EncoderExports.tsx';
import { useLiveEntryOfPage } from './entryContext.ts';
import { FailureNotice } from './FailureNotice.tsx';
import { RtmpSettings } from './RtmpSettings.tsx';
import { RtspSettings } from './RtspSettings.tsx';
import { WhipSettings } from './WhipSettings.tsx';

/** Everything an encoder has to know, to copy. */
export function StreamTab() {
  const entry = useLiveEntryOfPage();
  const { failure } = useEntryHealth(entry.id);
  const lastFailure = failure ?? entry.lastFailure;
  return (
    <Stack gap="md">
      {lastFailure && <FailureNotice failure={lastFailure} />}
      {entry.ingest ? (
        <>
          <EncoderExports entry={entry} />
          <RtmpSettings ingest={entry.ingest} action={<RtmpActions entryId={entry.id} />} />
          {entry.ingest.rtspUrl && <RtspSettings ingest={entry.ingest} rtspUrl={entry.ingest.rtspUrl} />}
          <WhipSettings ingest={entry.ingest} />
        </>
      ) : (
        <Notice tone="note" title="You cannot publish to this entry">
          Its stream settings are shown to those who may.
        </Notice>
      )}
    </Stack>
  );
}

function RtmpActions({ entryId }: { entryId: string }) {
  return (
    <Group gap={8}>
      <Button
        size="xs"
        variant="outline"
        component="a"
        href={fmleUrl(entryId)}
        download
        leftSection={<IconDownload size={15} />}
      >
        Export for FMLE
      </Button>
      <RenewButton entryId={entryId} />
    </Group>
  );
}

function RenewButton({ entryId }: { entryId: string }) {
  const renew = useRenewCredentials(entryId);
  const ask = async () => {
    const sure = await confirm({
      title: 'Make a new stream key?',
      body: 'The old key and WHIP token stop working for new connections at once: every encoder set up with them needs the new ones. A broadcast that is running goes on.',
      action: 'Make a new key',
      destructive: true,
    });
    if (!sure) return;
    renew.mutate(undefined, {
      onSuccess: () => notifyDone('There is a new stream key. Copy it to your encoder.'),
      onError: (error) => notifyProblem('The stream key was not changed', error),
    });
  };
  return (
    <Button
      size="xs"
      variant="outline"
      leftSection={<IconRefresh size={15} />}
      loading={renew.isPending}
      onClick={() => void ask()}
    >
      New stream key
    </Button>
  );
}
