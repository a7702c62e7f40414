import { ActionIcon, Anchor, Group, Progress, Text, Tooltip } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useEntry } from '../../api/entryQueries.ts';
import { formatBytes } from '../../ui/formatBytes.ts';
import { VideoBadge } from '../../ui/VideoBadge.tsx';
import { timeLeft } from './transferRate.ts';
import { useUploads } from './Uploads.tsx';
import type { QueuedUpload } from './uploadQueue.ts';
import classes from './UploadRow.module.css';

/** One file: how far it is, what can be done, and in the end what it has become. */
export function UploadRow({ upload }: { upload: QueuedUpload }) {
  const { id, name, state, sentBytes, sizeBytes, failure, entryId } = upload;
  const { queue } = useUploads();
  const percent = sizeBytes > 0 ? (sentBytes / sizeBytes) * 100 : 0;
  const isPausable = state === 'sending' || state === 'retrying' || state === 'waiting';
  const isResumable = state === 'paused' || (state === 'failed' && upload.again);
  return (
    <li className={classes.row} aria-label={name}>
      <div className={classes.head}>
        <span className={classes.name}>
          {entryId === null ? (
            name
          ) : (
            <Anchor component={Link} to={`/entries/${entryId}`} inherit>
              {name}
            </Anchor>
          )}
        </span>
        <Group gap={4} wrap="nowrap">
          {isPausable && (
            <RowButton label={`Pause ${name}`} onClick={() => queue.pause(id)}>
              <IconPlayerPause size={17} />
            </RowButton>
          )}
          {isResumable && (
            <RowButton label={`Go on with ${name}`} onClick={() => queue.resume(id)}>
              <IconPlayerPlay size={17} />
            </RowButton>
          )}
          <RowButton
            label={state === 'done' || state === 'failed' ? `Take ${name} off the list` : `Cancel ${name}`}
            onClick={() => queue.remove(id)}
          >
            <IconX size={17} />
          </RowButton>
        </Group>
      </div>
      {state !== 'done' && state !== 'failed' && (
        <Progress
          value={percent}
          color={state === 'paused' ? 'gray' : undefined}
          animated={state === 'sending'}
          aria-label={`${name}: sent`}
          my={6}
        />
      )}
      <Text size="sm" c="dimmed" component="div" className="tl-figures">
        {state === 'done' && entryId !== null ? <Becoming entryId={entryId} /> : describe(upload)}
      </Text>
      {failure !== null && (
        <Text size="sm" role="alert" className={classes.failure}>
          {failure}
        </Text>
      )}
    </li>
  );
}

function RowButton({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** The file is there; the server makes a video of it. */
function Becoming({ entryId }: { entryId: string }) {
  const { data: entry } = useEntry(entryId);
  if (entry?.type !== 'video') return <>Arrived.</>;
  return (
    <>
      <VideoBadge video={entry} />
      {entry.failure !== null && <div className={classes.failure}>{entry.failure}</div>}
    </>
  );
}

function describe({ state, sentBytes, sizeBytes, bytesPerSecond }: QueuedUpload): string {
  const sent = `${formatBytes(sentBytes)} of ${formatBytes(sizeBytes)}`;
  if (state === 'failed') return '';
  if (state === 'done') return 'Arrived. It is in the list of entries.';
  if (state === 'waiting') return `Waiting, ${formatBytes(sizeBytes)}`;
  if (state === 'paused') return `Paused at ${sent}`;
  if (state === 'retrying') return `The connection was lost; trying again. ${sent} are there.`;
  if (bytesPerSecond === undefined) return sent;
  const speed = `${formatBytes(bytesPerSecond)}/s`;
  return [sent, speed, timeLeft(sizeBytes - sentBytes, bytesPerSecond)].filter(Boolean).join(' · ');
}
