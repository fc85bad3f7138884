import type { Series } from '@opensqt/observability/console-api';
import { useMemo, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { rounded, roundedSigned } from '../format/decimal';
import { quiet, timeAxis, valueAxis } from './axes';
import { Plot } from './plot';

interface PnlPlotProps {
  readonly pnl: Series['pnl'];
  readonly from: number;
  readonly to: number;
}

/** The sum of both kinds and its highest value so far, by time. */
function pnlLines({ at, realized, unrealized }: Series['pnl']) {
  const sums = at.map((_, index) => Number(realized[index] ?? 0) + Number(unrealized[index] ?? 0));
  let highest = 0;
  const peaks = sums.map((sum) => (highest = Math.max(highest, sum)));
  return { at: [...at], sums, peaks };
}

/** Profit and loss before fees over market time, its peak, and the drawdown between the two. */
export function PnlPlot({ pnl, from, to }: PnlPlotProps) {
  const lines = useMemo(() => pnlLines(pnl), [pnl]);
  const range = useRef<[number, number]>([from, to]);
  range.current = [from, to];
  const data = useMemo((): uPlot.AlignedData => [lines.at, lines.peaks, lines.sums], [lines]);
  const now = lines.sums.at(-1) ?? 0;
  return (
    <Plot
      label={`PnL before fees: now ${roundedSigned(String(now))}, peak ${rounded(String(lines.peaks.at(-1) ?? 0))}`}
      data={data}
      options={(colours) => ({
        ...quiet,
        scales: { x: { time: false, range: () => range.current } },
        axes: [timeAxis(colours), valueAxis(colours, 60)],
        bands: [{ series: [1, 2], fill: colours('--drawdown-tint') }],
        series: [
          {},
          { stroke: colours('--text-2'), width: 1, dash: [4, 4], points: { show: false } },
          { stroke: colours('--pnl'), width: 1.4, points: { show: false } },
        ],
      })}
    />
  );
}
