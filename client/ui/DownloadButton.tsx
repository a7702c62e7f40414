import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

interface DownloadButtonProps {
  name: string;
  mediaType: string;
  text: string;
}

/** Saves a text this page has as a file. */
export function DownloadButton({ name, mediaType, text }: DownloadButtonProps) {
  const download = () => {
    const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
    const link = Object.assign(document.createElement('a'), { href: url, download: name });
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Button size="xs" variant="outline" leftSection={<IconDownload size={15} />} onClick={download}>
      {name}
    </Button>
  );
}
