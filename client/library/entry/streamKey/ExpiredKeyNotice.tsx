import { Notice } from '../../../ui/Notice.tsx';
import { KeyEndTime } from './KeyEndTime.tsx';
import { NewStreamKey } from './NewStreamKey.tsx';
import { useTimeLeft } from './useTimeLeft.ts';

/** Said first where it is so: nothing else on the page works until there is another key. */
export function ExpiredKeyNotice({ entryId, expiresAt }: { entryId: string; expiresAt: string }) {
  if (useTimeLeft(expiresAt) !== undefined) return null;
  return (
    <Notice tone="warning" title="The stream key has expired" action={<NewStreamKey entryId={entryId} />}>
      It ended <KeyEndTime expiresAt={expiresAt} />. Whoever connects with it is refused; a broadcast that was running
      then goes on.
    </Notice>
  );
}
