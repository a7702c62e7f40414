import { NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import type { LiveEntry } from '../../../shared/model/entry.ts';
import { useBroadcasts, useViewers } from '../../api/entryQueries.ts';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { Section } from '../../ui/Section.tsx';
import { viewerFigures, type ViewerFigures } from './viewerFigures.ts';
import classes from './ViewersSection.module.css';

const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const [width, height] = [600, 120];

/** How many watched a broadcast at once; the newest one unless another is chosen. */
export function ViewersSection({ entry }: { entry: LiveEntry }) {
  const broadcasts = useBroadcasts(entry.id);
  const [chosen, setChosen] = useState<string>();
  const items = broadcasts.data?.items ?? [];
  const shown = items.find(({ id }) => id === chosen) ?? items[0];
  if (!shown) return null;
  return (
    <Section
      title="Viewers"
      action={
        items.length > 1 && (
          <NativeSelect
            aria-label="Broadcast"
            size="xs"
            value={shown.id}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={items.map(({ id, startedAt }) => ({ value: id, label: dateFormat.format(new Date(startedAt)) }))}
          />
        )
      }
    >
      <Viewers entryId={entry.id} broadcastId={shown.id} running={shown.endedAt === null} />
    </Section>
  );
}

function Viewers(props: { entryId: string; broadcastId: string; running: boolean }) {
  const viewers = useViewers(props.entryId, props.broadcastId, props.running);
  if (viewers.isError)
    return (
      <ErrorState
        title="The viewers could not be loaded"
        error={viewers.error}
        onRetry={() => void viewers.refetch()}
      />
    );
  const figures = viewerFigures(viewers.data?.items ?? []);
  if (!figures)
    return (
      <Text c="dimmed" mih={24}>
        {viewers.isPending ? '' : 'They are counted once a minute while the entry is on air.'}
      </Text>
    );
  return (
    <>
      <ViewersChart figures={figures} />
      <Text size="sm" c="dimmed" mt="xs" className="tl-figures">
        At most {figures.peak.toLocaleString()} at once, {figures.average.toLocaleString()} on average
      </Text>
    </>
  );
}

function ViewersChart({ figures: { points, peak, average } }: { figures: ViewerFigures }) {
  const drawn = points.length === 1 ? [points[0]!, [1, points[0]![1]] as const] : points;
  const line = drawn.map(([x, y]) => `${(x * width).toFixed(1)},${((1 - y) * (height - 4) + 2).toFixed(1)}`).join(' ');
  return (
    <svg
      className={classes.chart}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Viewers over the broadcast: at most ${peak}, ${average} on average`}
    >
      <polygon className={classes.area} points={`0,${height} ${line} ${width},${height}`} />
      <polyline className={classes.line} points={line} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
