import { Button, Group } from '@mantine/core';
import type { VideoEntry } from '../../../shared/model/entry.ts';
import { useKeepTrim, useUndoTrim } from '../../api/clipQueries.ts';
import { confirm } from '../../ui/confirm.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { notifyDone, notifyProblem } from '../../ui/notify.ts';

/** A trimmed video keeps its original: the way back to it, and the way to be rid of it. */
export function TrimNotice({ entry }: { entry: VideoEntry }) {
  const undo = useUndoTrim(entry.id);
  const keep = useKeepTrim(entry.id);
  const busy = undo.isPending || keep.isPending;
  const askToKeep = async () => {
    const sure = await confirm({
      title: 'Discard the original?',
      body: 'What was cut off is deleted, unless other entries hold it as well. The trim cannot be undone then.',
      action: 'Discard the original',
      destructive: true,
    });
    if (!sure) return;
    keep.mutate(undefined, {
      onSuccess: () => notifyDone('The original is discarded.'),
      onError: (error) => notifyProblem('The original was not discarded', error),
    });
  };
  return (
    <Notice
      tone="note"
      title="This video is trimmed"
      action={
        <Group gap="xs">
          <Button
            size="xs"
            variant="outline"
            loading={undo.isPending}
            disabled={busy}
            onClick={() =>
              undo.mutate(undefined, {
                onSuccess: () => notifyDone('The video is whole again.'),
                onError: (error) => notifyProblem('The trim was not undone', error),
              })
            }
          >
            Undo trim
          </Button>
          <Button size="xs" variant="subtle" disabled={busy} loading={keep.isPending} onClick={() => void askToKeep()}>
            Discard the original
          </Button>
        </Group>
      }
    >
      Its original is kept, and takes storage, until you discard it.
    </Notice>
  );
}
