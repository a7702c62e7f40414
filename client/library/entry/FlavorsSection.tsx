import { ActionIcon, Table, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { LiveEntry, VideoEntry } from '../../../shared/model/entry.ts';
import { isBroadcasting } from '../../../shared/model/state.ts';
import { paths } from '../../../shared/urls.ts';
import { useFlavors } from '../../api/entryQueries.ts';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { formatBytes } from '../../ui/formatBytes.ts';
import { formatBitrate } from '../../ui/formatBitrate.ts';
import { SectionSkeleton } from '../../ui/PageSkeleton.tsx';
import { Section } from '../../ui/Section.tsx';

/** The renditions viewers can choose, or could in the last broadcast. */
export function FlavorsSection({ entry }: { entry: LiveEntry | VideoEntry }) {
  const flavors = useFlavors(entry.id);
  if (flavors.isPending) return <SectionSkeleton rows={3} />;
  if (flavors.isError)
    return (
      <ErrorState
        title="The renditions could not be loaded"
        error={flavors.error}
        onRetry={() => void flavors.refetch()}
      />
    );
  const { items } = flavors.data;
  return (
    <Section title="Renditions" description={items.length > 0 && isOver(entry) ? 'Of the last broadcast.' : undefined}>
      {items.length === 0 ? (
        <Text c="dimmed">
          {entry.type === 'live'
            ? 'They are listed here as soon as the entry is on air.'
            : 'They are listed here when the video is ready.'}
        </Text>
      ) : (
        <Table verticalSpacing="xs" aria-label="Renditions" className="tl-figures">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Rendition</Table.Th>
              <Table.Th scope="col" visibleFrom="xs">
                Codec
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Frame rate
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Bitrate
              </Table.Th>
              {isDownloadable(entry) && (
                <Table.Th scope="col" w={56}>
                  <VisuallyHidden>Download</VisuallyHidden>
                </Table.Th>
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((flavor) => (
              <Table.Tr key={flavor.id}>
                <Table.Td>
                  {flavor.kind === 'video' ? `${flavor.width}×${flavor.height}` : 'Audio'}
                  {flavor.id === 'v0' && ' (source)'}
                </Table.Td>
                <Table.Td visibleFrom="xs">{flavor.codec}</Table.Td>
                <Table.Td ta="right">
                  {flavor.frameRate ? `${Math.round(flavor.frameRate * 100) / 100} fps` : '–'}
                </Table.Td>
                <Table.Td ta="right">{flavor.bitrateBps ? formatBitrate(flavor.bitrateBps) : '–'}</Table.Td>
                {isDownloadable(entry) && (
                  <Table.Td ta="right" py={4}>
                    {flavor.download && (
                      <Download
                        flavor={flavor}
                        sizeBytes={flavor.download.sizeBytes}
                        href={paths.download(entry.id, flavor.id)}
                      />
                    )}
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

function Download({
  flavor,
  sizeBytes,
  href,
}: {
  flavor: { kind: 'video' | 'audio'; width: number | null; height: number | null };
  sizeBytes: number;
  href: string;
}) {
  const what = flavor.kind === 'video' ? `${flavor.width}×${flavor.height} as MP4` : 'the sound as M4A';
  const label = `Download ${what} (${formatBytes(sizeBytes)})`;
  return (
    <Tooltip label={label}>
      <ActionIcon component="a" href={href} download size={36} aria-label={label}>
        <IconDownload size={17} />
      </ActionIcon>
    </Tooltip>
  );
}

function isDownloadable(entry: LiveEntry | VideoEntry): boolean {
  return entry.type === 'video' && entry.status === 'ready';
}

function isOver(entry: LiveEntry | VideoEntry): boolean {
  return entry.type === 'live' && !isBroadcasting(entry.state);
}
