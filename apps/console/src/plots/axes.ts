import type uPlot from 'uplot';
import { clock } from '../format/time';
import type { Colours } from './plot';

const font = (colours: Colours) => `12px ${colours('--font-ui')}`;

/** Market time along the bottom, UTC. */
export const timeAxis = (colours: Colours): uPlot.Axis => ({
  stroke: colours('--text-2'),
  font: font(colours),
  grid: { stroke: colours('--gridline'), width: 1 },
  ticks: { show: false },
  size: 24,
  gap: 4,
  space: 90,
  values: (_plot, splits) => {
    const [first = 0, second = 0] = splits;
    const withSeconds = second - first < 60_000;
    return splits.map((at) => (withSeconds ? clock(at) : clock(at).slice(0, 5)));
  },
});

/** Values at the right; `size` in pixels is the room that lanes beside it leave too. */
export const valueAxis = (colours: Colours, size: number): uPlot.Axis => ({
  side: 1,
  stroke: colours('--text-2'),
  font: font(colours),
  grid: { stroke: colours('--gridline'), width: 1 },
  ticks: { show: false },
  size,
  gap: 6,
  space: 40,
  values: (_plot, splits) =>
    splits.map((value) => value.toLocaleString('en-US', { maximumSignificantDigits: 8 }).replace('-', '−')),
});

/** The part that both plots share: no legend, no zooming, times in milliseconds. */
export const quiet = {
  legend: { show: false },
  cursor: { show: false },
  select: { show: false, left: 0, top: 0, width: 0, height: 0 },
  ms: 1,
  padding: [8, 0, 0, 0],
} satisfies Partial<uPlot.Options>;
