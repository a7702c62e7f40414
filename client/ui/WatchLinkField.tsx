import { Code } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyField } from './CopyField.tsx';

const localHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The link to give away; says so when nobody else could open it. */
export function WatchLinkField({ url, description }: { url: string; description: ReactNode }) {
  const local = URL.canParse(url) && localHosts.has(new URL(url).hostname);
  return (
    <CopyField
      label="Watch link"
      value={url}
      description={
        local ? (
          <>
            It works on this machine only. Set <Code>PUBLIC_URL</Code> on the server to the address that others reach it
            at.
          </>
        ) : (
          description
        )
      }
    />
  );
}
