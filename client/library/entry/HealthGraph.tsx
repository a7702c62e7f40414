import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { healthWindowMs } from '../../api/healthWindow.ts';
import type { Series } from './healthSeries.ts';

const height = 132;

interface HealthGraphProps {
  series: Series;
  format: (value: number) => string;
  label: string;
  /** The scale reaches at least this far, so that noise does not look like an alarm. */
  atLeast: number;
  nowMs: number;
}

/** One measure over the last two minutes. Said in words for those who do not see it. Takes its colours when it is made. */
export function HealthGraph({ series, format, label, atLeast, nowMs }: HealthGraphProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const drawn = useRef({ series, nowMs });

  useEffect(() => {
    drawn.current = { series, nowMs };
    plot.current?.setData(series);
  }, [series, nowMs]);

  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const color = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
    const line = color('--mantine-primary-color-filled');
    const axis = { stroke: color('--mantine-color-dimmed'), font: '11px system-ui', ticks: { show: false } };
    const grid = { stroke: color('--tl-line'), width: 1 };
    const created = new uPlot(
      {
        width: element.clientWidth,
        height,
        padding: [8, 16, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => timeRange(drawn.current.nowMs) },
          y: { range: (_, __, most) => [0, Math.max(atLeast, most * 1.15)] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 24,
            splits: () => agoSplits(drawn.current.nowMs),
            values: () => ['−90 s', '−1 min', '−30 s', 'now'],
          },
          { ...axis, grid, size: 64, space: 34, values: (_, splits) => splits.map(format) },
        ],
        series: [
          {},
          { stroke: line, width: 1.75, fill: `color-mix(in srgb, ${line} 14%, transparent)`, points: { show: false } },
        ],
      },
      drawn.current.series,
      element,
    );
    plot.current = created;
    const resized = new ResizeObserver(() => created.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      created.destroy();
      plot.current = null;
    };
  }, [format, atLeast]);

  return (
    <figure style={{ margin: 0, minHeight: height }}>
      <div ref={host} aria-hidden="true" />
      <VisuallyHidden component="figcaption">{`${label}: ${describe(series, format)}`}</VisuallyHidden>
    </figure>
  );
}

function timeRange(nowMs: number): [number, number] {
  return [(nowMs - healthWindowMs) / 1000, nowMs / 1000];
}

function agoSplits(nowMs: number): number[] {
  return [90, 60, 30, 0].map((seconds) => nowMs / 1000 - seconds);
}

function describe([, values]: Series, format: (value: number) => string): string {
  const measured = values.filter((value) => value !== null);
  const last = measured.at(-1);
  if (last === undefined) return 'not measured yet';
  const [least, most] = [Math.min(...measured), Math.max(...measured)];
  return `now ${format(last)}, between ${format(least)} and ${format(most)} in the last two minutes`;
}
