import type { Series } from '@opensqt/observability/console-api';
import { useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { exact } from '../format/decimal';
import { clock } from '../format/time';
import { plural } from '../format/words';
import { quiet, timeAxis, valueAxis } from './axes';
import { mergeMarks, markSize, withGaps } from './marks';
import { type Colours, Plot } from './plot';

type SymbolSeries = Series['symbols'][number];

interface PricePlotProps {
  readonly series: SymbolSeries;
  readonly from: number;
  readonly to: number;
  /** The price and the own best prices now, for the right edge; null in the past. */
  readonly edge: {
    readonly price: string | null;
    readonly bid: string | null;
    readonly ask: string | null;
  } | null;
}

/** Pixels that the values at the right take; lanes leave the same. */
const VALUES_WIDTH = 84;
const POINTS = 600;

function triangle(context: CanvasRenderingContext2D, x: number, y: number, size: number, isUp: boolean) {
  const half = (size / 2) * (isUp ? 1 : -1);
  context.beginPath();
  context.moveTo(x, y - half);
  context.lineTo(x + size / 2, y + half);
  context.lineTo(x - size / 2, y + half);
  context.fill();
}

function drawFills(plot: uPlot, fills: SymbolSeries['fills'], colours: Colours) {
  const ratio = uPlot.pxRatio;
  for (const side of ['buy', 'sell'] as const) {
    const marks = fills
      .filter((fill) => fill.side === side)
      .map((fill) => ({
        x: plot.valToPos(fill.at, 'x', true),
        y: plot.valToPos(Number(fill.price), 'y', true),
        fills: fill.fills,
      }));
    plot.ctx.fillStyle = colours(side === 'buy' ? '--buy' : '--sell');
    for (const { x, y, fills: count } of mergeMarks(marks, 9 * ratio))
      triangle(plot.ctx, x, y, markSize(count) * ratio, side === 'buy');
  }
}

function drawEdge(plot: uPlot, edge: NonNullable<PricePlotProps['edge']>, colours: Colours) {
  const right = plot.bbox.left + plot.bbox.width;
  const ratio = uPlot.pxRatio;
  const tick = (price: string | null, token: string) => {
    if (price === null) return;
    plot.ctx.fillStyle = colours(token);
    plot.ctx.fillRect(
      right - 22 * ratio,
      plot.valToPos(Number(price), 'y', true) - ratio,
      22 * ratio,
      2 * ratio,
    );
  };
  tick(edge.bid, '--buy');
  tick(edge.ask, '--sell');
  if (edge.price === null) return;
  const y = plot.valToPos(Number(edge.price), 'y', true);
  plot.ctx.font = `${12 * ratio}px ${colours('--font-ui')}`;
  const words = exact(edge.price);
  const { width } = plot.ctx.measureText(words);
  plot.ctx.fillStyle = colours('--text');
  plot.ctx.fillRect(right + 3 * ratio, y - 9 * ratio, width + 8 * ratio, 18 * ratio);
  plot.ctx.fillStyle = colours('--surface-panel');
  plot.ctx.textAlign = 'left';
  plot.ctx.textBaseline = 'middle';
  plot.ctx.fillText(words, right + 7 * ratio, y);
}

const label = ({ symbol, prices, fills }: SymbolSeries, from: number, to: number) => {
  const values = prices.price.map(Number);
  const range =
    values.length === 0
      ? 'prices between fills are not recorded'
      : `low ${exact(String(Math.min(...values)))}, high ${exact(String(Math.max(...values)))}`;
  const count = fills.reduce((sum, fill) => sum + fill.fills, 0);
  return `Price of ${symbol} from ${clock(from)} to ${clock(to)}: ${range}; ${plural(count, 'own fill')}`;
};

/** The price of a symbol over market time, with the own fills. */
export function PricePlot({ series, from, to, edge }: PricePlotProps) {
  const drawn = useRef({ series, from, to, edge });
  drawn.current = { series, from, to, edge };
  const data = useMemo((): uPlot.AlignedData => {
    const apart = Math.max(3 * series.sampleInterval, (4 * (to - from)) / POINTS);
    const [at, price] = withGaps(series.prices.at, series.prices.price.map(Number), apart);
    return [at, price];
  }, [series, from, to, edge?.price, edge?.bid, edge?.ask]); // the edge is drawn, and widens the axis, whenever it moves
  const words = useMemo(() => label(series, from, to), [series, from, to]);
  return (
    <Plot
      label={words}
      version={series.symbol}
      data={data}
      options={(colours) => ({
        ...quiet,
        scales: {
          x: { time: false, range: () => [drawn.current.from, drawn.current.to] },
          y: { range: () => valueRange(drawn.current) },
        },
        axes: [timeAxis(colours), valueAxis(colours, VALUES_WIDTH)],
        series: [{}, { stroke: colours('--price'), width: 1.4, points: { show: false } }],
        hooks: {
          draw: [
            (plot) => {
              drawFills(plot, drawn.current.series.fills, colours);
              if (drawn.current.edge) drawEdge(plot, drawn.current.edge, colours);
            },
          ],
        },
      })}
    />
  );
}

function valueRange({ series, edge }: Pick<PricePlotProps, 'series' | 'edge'>): [number, number] {
  const values = [
    ...series.prices.price.map(Number),
    ...series.fills.map(({ price }) => Number(price)),
    ...(edge?.price == null ? [] : [Number(edge.price)]),
  ];
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low || Math.abs(high) * 0.001 || 1) * 0.06;
  return [low - room, high + room];
}
