import { Text } from '@mantine/core';
import { Section } from '../../../ui/Section.tsx';
import { KeyEndTime } from './KeyEndTime.tsx';
import { NewStreamKey } from './NewStreamKey.tsx';
import { useTimeLeft } from './useTimeLeft.ts';

/** What lets encoders in, until when, and how to get another one. */
export function StreamKeySection({ entryId, expiresAt }: { entryId: string; expiresAt: string | null }) {
  return (
    <Section
      title="Stream key"
      description="Whoever has it can go live here: the stream key (or password) over RTMP and RTSP, the bearer token over WHIP."
      action={<NewStreamKey entryId={entryId} />}
    >
      {expiresAt === null ? <Text>It is good until you make another one.</Text> : <KeyEnd expiresAt={expiresAt} />}
    </Section>
  );
}

function KeyEnd({ expiresAt }: { expiresAt: string }) {
  const left = useTimeLeft(expiresAt);
  const time = <KeyEndTime expiresAt={expiresAt} />;
  return left === undefined ? (
    <Text>It has expired: {time}</Text>
  ) : (
    <Text>
      It ends {left}: {time}
    </Text>
  );
}
