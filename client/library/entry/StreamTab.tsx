import { Button, Stack } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { fmleUrl } from '../../api/encoderQueries.ts';
import { useEntryHealth } from '../../api/useEntryHealth.ts';
import { Notice } from '../../ui/Notice.tsx';
import { EncoderExports } from './encoders/EncoderExports.tsx';
import { useLiveEntryOfPage } from './entryContext.ts';
import { FailureNotice } from './FailureNotice.tsx';
import { RtmpSettings } from './RtmpSettings.tsx';
import { RtspSettings } from './RtspSettings.tsx';
import { ExpiredKeyNotice } from './streamKey/ExpiredKeyNotice.tsx';
import { StreamKeySection } from './streamKey/StreamKeySection.tsx';
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
          {entry.ingest.expiresAt && <ExpiredKeyNotice entryId={entry.id} expiresAt={entry.ingest.expiresAt} />}
          <EncoderExports entry={entry} />
          <StreamKeySection entryId={entry.id} expiresAt={entry.ingest.expiresAt} />
          <RtmpSettings ingest={entry.ingest} action={<FmleExport entryId={entry.id} />} />
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

function FmleExport({ entryId }: { entryId: string }) {
  return (
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
  );
}
