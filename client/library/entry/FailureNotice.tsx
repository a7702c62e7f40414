import { Code } from '@mantine/core';
import type { TranscodeFailure } from '../../../shared/model/entry.ts';
import { Notice } from '../../ui/Notice.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';

/** ffmpeg had to be started again: when, and its last words. */
export function FailureNotice({ failure }: { failure: TranscodeFailure }) {
  return (
    <Notice tone="warning" title="The transcoder had to be started again">
      <RelativeTime at={failure.at} />: {failure.message}
      {failure.lines.length > 0 && (
        <details>
          <summary>Its last lines</summary>
          <Code block mt="xs" mah={260} style={{ overflow: 'auto' }}>
            {failure.lines.join('\n')}
          </Code>
        </details>
      )}
    </Notice>
  );
}
