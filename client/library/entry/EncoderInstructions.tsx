import { Code, List, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Ingest } from '../../../shared/model/entry.ts';
import { CopyField } from '../../ui/CopyField.tsx';
import { Section } from '../../ui/Section.tsx';
import { ffmpegCommand, publishUrl, streamKey } from './encoderSetup.ts';

type Encoder = 'obs' | 'obsWhip' | 'ffmpeg';

/** Step by step, for the encoders most people use. */
export function EncoderInstructions({ ingest }: { ingest: Ingest }) {
  const [encoder, setEncoder] = useState<Encoder>('obs');
  return (
    <Section title="Step by step">
      <SegmentedControl
        aria-label="Encoder"
        value={encoder}
        onChange={(value) => setEncoder(value)}
        data={[
          { value: 'obs', label: 'OBS' },
          { value: 'obsWhip', label: 'OBS, WHIP' },
          { value: 'ffmpeg', label: 'ffmpeg' },
        ]}
        mb="md"
      />
      {encoder === 'obs' && <ObsSteps />}
      {encoder === 'obsWhip' && <ObsWhipSteps />}
      {encoder === 'ffmpeg' && <FfmpegCommands ingest={ingest} />}
    </Section>
  );
}

function ObsSteps() {
  return (
    <List type="ordered" spacing="xs">
      <List.Item>
        In OBS open Settings → Stream and choose the service <Code>Custom…</Code>.
      </List.Item>
      <List.Item>
        Paste the server URL from above into <b>Server</b> and the stream key into <b>Stream Key</b>. Leave “Use
        authentication” off.
      </List.Item>
      <List.Item>
        In Settings → Output set the rate control to <Code>CBR</Code>, the bitrate to about <Code>2500 Kbps</Code> for
        720p, and the keyframe interval to <Code>2 s</Code>.
      </List.Item>
      <List.Item>Press Start Streaming. This page shows when you are live.</List.Item>
    </List>
  );
}

function ObsWhipSteps() {
  return (
    <List type="ordered" spacing="xs">
      <List.Item>
        In OBS 30 or newer open Settings → Stream and choose the service <Code>WHIP</Code>.
      </List.Item>
      <List.Item>
        Paste the WHIP URL from above into <b>Server</b> and the bearer token into <b>Bearer Token</b>.
      </List.Item>
      <List.Item>
        In Settings → Output choose an H.264 encoder without B-frames and a keyframe interval of <Code>2 s</Code>.
      </List.Item>
      <List.Item>Press Start Streaming.</List.Item>
    </List>
  );
}

function FfmpegCommands({ ingest }: { ingest: Ingest }) {
  const url = publishUrl(ingest.primaryUrl, streamKey(ingest));
  return (
    <Stack gap="md">
      <Text c="dimmed" size="sm">
        Each command is complete with your stream key; run it on any machine that reaches this server.
      </Text>
      <CopyField block label="A test picture" value={ffmpegCommand(url, 'test')} secret={ingest.password} />
      <CopyField block label="A file, over and over" value={ffmpegCommand(url, 'file')} secret={ingest.password} />
    </Stack>
  );
}
