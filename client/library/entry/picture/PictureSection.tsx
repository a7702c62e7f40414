import { Button, FileButton, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { posterImageMaxBytes, posterImageTypes } from '../../../../shared/api/pictures.ts';
import type { Entry } from '../../../../shared/model/entry.ts';
import { useChoosePoster, useResetPoster } from '../../../api/pictureQueries.ts';
import { errorMessage } from '../../../api/apiError.ts';
import { notifyDone } from '../../../ui/notify.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { Section } from '../../../ui/Section.tsx';
import { EntryPicture } from './EntryPicture.tsx';
import { FrameDialog } from './FrameDialog.tsx';
import classes from './PictureSection.module.css';

/** Which picture stands for the entry: a frame of it, one of the producer's own, or none in particular. */
export function PictureSection({ entry }: { entry: Entry }) {
  const [choosing, setChoosing] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const choose = useChoosePoster(entry.id);
  const reset = useResetPoster(entry.id);
  const isChosen = entry.thumbnail.includes('?v=');
  const error = choose.error ?? reset.error;

  const upload = (file: File | null) => {
    if (!file) return;
    reset.reset();
    setTooLarge(file.size > posterImageMaxBytes);
    if (file.size <= posterImageMaxBytes) choose.mutate(file, { onSuccess: () => notifyDone('The picture is set.') });
    else choose.reset();
  };
  const useAutomatic = () => {
    choose.reset();
    reset.mutate(undefined, { onSuccess: () => notifyDone('The picture is chosen automatically again.') });
  };

  return (
    <Section title="Picture" description="What lists and players show before anything plays.">
      <div className={classes.columns}>
        <EntryPicture entry={entry} />
        <div className={classes.side}>
          <Text size="sm" c="dimmed">
            {isChosen ? 'Chosen by you.' : automaticRule(entry)}
          </Text>
          <Group gap="xs">
            {entry.type !== 'manual' && (
              <Button variant="default" onClick={() => setChoosing(true)}>
                Choose a frame…
              </Button>
            )}
            <FileButton accept={posterImageTypes.join(',')} onChange={upload}>
              {(props) => (
                <Button variant="default" loading={choose.isPending && !choosing} {...props}>
                  Upload a picture…
                </Button>
              )}
            </FileButton>
            {isChosen && (
              <Button variant="subtle" loading={reset.isPending} onClick={useAutomatic}>
                Choose automatically
              </Button>
            )}
          </Group>
          <Text size="xs" c="dimmed">
            JPEG, PNG or WebP, up to {posterImageMaxBytes / 1_000_000} MB
          </Text>
          {tooLarge && (
            <Notice tone="problem">{`The file is larger than ${posterImageMaxBytes / 1_000_000} MB.`}</Notice>
          )}
          {error && !choosing && <Notice tone="problem">{errorMessage(error)}</Notice>}
        </div>
      </div>
      <FrameDialog entry={entry} opened={choosing} onClose={() => setChoosing(false)} choose={choose} />
    </Section>
  );
}

function automaticRule({ type }: Entry): string {
  if (type === 'manual') return 'None yet: what is served elsewhere has no picture of its own.';
  if (type === 'video') return 'Chosen automatically: a frame near the beginning.';
  return 'Chosen automatically: while it is live, what is on air now.';
}
