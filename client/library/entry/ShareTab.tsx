import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { CopyField } from '../../ui/CopyField.tsx';
import { Section } from '../../ui/Section.tsx';
import { WatchLinkField } from '../../ui/WatchLinkField.tsx';
import { embedCode, withEngine, type PlayerEngine } from './embedCode.ts';
import { useEntryOfPage } from './entryContext.ts';

/** Links and code to give away. They stay the same over all broadcasts. */
export function ShareTab() {
  const { name, playback, type } = useEntryOfPage();
  const [engine, setEngine] = useState<PlayerEngine>('auto');
  const addresses = [
    { label: 'HLS', value: playback.hls },
    { label: 'DASH', value: playback.dash },
    { label: 'HDS', value: playback.hds },
    { label: 'Smooth Streaming', value: playback.mss },
  ].flatMap(({ label, value }) => (value ? [{ label, value }] : []));
  return (
    <Stack gap="md">
      <Section
        title="Link and embed"
        description={type === 'live' ? 'They stay the same over all broadcasts of this entry.' : undefined}
      >
        <Stack gap="md">
          <div>
            <Text size="sm" fw={550} mb={4} id="engine-label">
              Player engine
            </Text>
            <SegmentedControl
              aria-labelledby="engine-label"
              value={engine}
              onChange={(value) => setEngine(value)}
              data={[
                { value: 'auto', label: 'Automatic' },
                { value: 'shaka', label: 'Shaka' },
                { value: 'hlsjs', label: 'hls.js' },
              ]}
            />
            <Text size="sm" c="dimmed" mt={4}>
              Automatic suits nearly everyone. Shaka plays DASH and HLS, hls.js plays HLS.
            </Text>
          </div>
          <WatchLinkField
            url={withEngine(playback.watch, engine)}
            description="Works on phones, too. Whoever has it can watch."
          />
          <CopyField block label="Embed code" value={embedCode(withEngine(playback.embed, engine), name)} />
        </Stack>
      </Section>
      {addresses.length > 0 && (
        <Section
          title="Stream addresses"
          description={
            type === 'manual' ? 'Where this entry’s streams are served.' : 'For other players, TVs and CDNs.'
          }
        >
          <Stack gap="md">
            {addresses.map(({ label, value }) => (
              <CopyField key={label} label={label} value={value} />
            ))}
          </Stack>
        </Section>
      )}
    </Stack>
  );
}
