import { Button, FileButton } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useState, type DragEvent } from 'react';
import classes from './FileDrop.module.css';

const types = 'video/*,audio/*,.mkv,.flv,.ts,.m2ts,.mxf';

/** Where files are chosen, or dropped. */
export function FileDrop({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const [over, setOver] = useState(false);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) onFiles(files);
  };
  return (
    // Dropping is a shortcut; the button does the same for the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <IconUpload size={36} stroke={1.4} aria-hidden="true" />
      <FileButton multiple accept={types} onChange={onFiles} inputProps={{ 'aria-label': 'Files to upload' }}>
        {(props) => (
          <Button {...props} size="md">
            Choose files
          </Button>
        )}
      </FileButton>
      <span className={classes.hint}>
        or drop them here. MP4, MOV, MKV, WebM, FLV, MPEG-TS, and sound alone, as long as 24 hours.
      </span>
    </div>
  );
}
