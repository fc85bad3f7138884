import type uPlot from 'uplot';
import { clock, dateOf } from '../format/time';
import type { Colours } from './plot';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Lengths of time between two marks of an axis. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((part) => part * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((part) => part * MINUTE),
  ...[1, 2, 3, 6, 12].map((part) => part * HOUR),
  ...[1, 2, 7, 14, 28, 91, 364].map((part) => part * DAY),
];

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
  incrs: STEPS,
  values: (_plot, splits, _axis, _space, step) =>
    splits.map((at) => (step < MINUTE ? clock(at) : step < DAY ? clock(at).slice(0, 5) : dateOf(at))),
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

/** The part that both plots share: no legend, no zooming. */
export const quiet = {
  legend: { show: false },
  cursor: { show: false },
  select: { show: false, left: 0, top: 0, width: 0, height: 0 },
  padding: [8, 0, 0, 0],
} satisfies Partial<uPlot.Options>;
