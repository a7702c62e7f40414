import { Stack } from '@mantine/core';
import { useState } from 'react';
import { BackLink } from '../../ui/BackLink.tsx';
import { formatBytes } from '../../ui/formatBytes.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Section } from '../../ui/Section.tsx';
import { ChosenFiles } from './ChosenFiles.tsx';
import { FileDrop } from './FileDrop.tsx';
import { useUnfinishedUploads } from './unfinishedUploads.ts';
import { useUploads } from './Uploads.tsx';
import classes from './UploadPage.module.css';
import { UploadRow } from './UploadRow.tsx';

/** Video files of a producer's own become entries. */
export function UploadPage() {
  const { uploads } = useUploads();
  const unfinished = useUnfinishedUploads();
  const [files, setFiles] = useState<readonly File[]>([]);
  return (
    <Page
      title="Upload videos"
      width={760}
      above={<BackLink to="/entries">Entries</BackLink>}
      lead="Each file becomes a video that is watched, clipped, embedded and downloaded like a recording."
    >
      <Stack gap="md">
        {unfinished.length > 0 && files.length === 0 && (
          <Notice tone="note" title="Not finished yet">
            Choose the same file again and it goes on where it stopped:
            <ul className={classes.unfinished}>
              {unfinished.map(({ key, fileName, sizeBytes }) => (
                <li key={key}>{`${fileName}, ${formatBytes(sizeBytes)}`}</li>
              ))}
            </ul>
          </Notice>
        )}
        {files.length === 0 ? (
          <FileDrop onFiles={setFiles} />
        ) : (
          <ChosenFiles files={files} onDone={() => setFiles([])} />
        )}
        {uploads.length > 0 && (
          <Section title="Uploads" description="They go on while you look at other pages of the studio.">
            <ul className={classes.list}>
              {uploads.map((upload) => (
                <UploadRow key={upload.id} upload={upload} />
              ))}
            </ul>
          </Section>
        )}
      </Stack>
    </Page>
  );
}
