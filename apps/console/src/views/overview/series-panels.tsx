import type { Series } from '@opensqt/observability/console-api';
import { useMemo } from 'preact/hooks';
import { Icon } from '../../components/icon';
import { Empty, Panel } from '../../components/panel';
import { Lanes } from '../../plots/lanes';
import { PnlPlot } from '../../plots/pnl-plot';
import { PricePlot } from '../../plots/price-plot';
import { go, route } from '../../state/navigation';
import { shown, tense } from '../../state/shown';

interface SeriesProps {
  readonly series: Series | null;
}

function Tabs({ symbols, chosen }: { readonly symbols: readonly string[]; readonly chosen: string }) {
  return (
    <div class="tabs" role="group" aria-label="Symbol">
      {symbols.map((symbol) => (
        <button
          key={symbol}
          type="button"
          aria-pressed={symbol === chosen}
          onClick={() => go({ query: { ...route.value.query, symbol } }, true)}
        >
          <span class="cut">{symbol}</span>
        </button>
      ))}
    </div>
  );
}

const Legend = () => (
  <span class="legend">
    <span>
      <Icon shape="buy" tone="buy" /> bought
    </span>
    <span>
      <Icon shape="sell" tone="sell" /> sold
    </span>
    <span class="t-wide">ticks at the right edge: own best prices</span>
  </span>
);

/** The price of one symbol with the own fills, and the lanes of all. */
export function PricePanel({ series }: SeriesProps) {
  const symbols = series?.symbols ?? [];
  const chosen = symbols.find(({ symbol }) => symbol === route.value.query['symbol']) ?? symbols[0];
  const row = shown.value?.symbols.find(({ symbol }) => symbol === chosen?.symbol);
  const edge = row && tense.value === 'now' ? { price: row.price, bid: row.bid, ask: row.ask } : null;
  const { from, to } = series ?? { from: null, to: null };
  const lanes = useMemo(
    () =>
      series?.from == null || series.to === null ? null : (
        <Lanes symbols={series.symbols} from={series.from} to={series.to} />
      ),
    [series],
  );
  const isEmpty = !chosen || (chosen.prices.at.length === 0 && chosen.fills.length === 0);
  return (
    <Panel
      class="price"
      title="Price and own fills"
      beside={chosen ? <Tabs symbols={symbols.map(({ symbol }) => symbol)} chosen={chosen.symbol} /> : null}
      right={<Legend />}
    >
      {isEmpty || from === null || to === null ? (
        series ? (
          <Empty>No price and no fill yet. The plot begins with the first one.</Empty>
        ) : (
          <div class="plot" />
        )
      ) : (
        <>
          <PricePlot series={chosen} from={from} to={to} edge={edge} />
          {lanes}
        </>
      )}
    </Panel>
  );
}

/** Profit and loss over time. */
export function PnlPanel({ series }: SeriesProps) {
  const quote = shown.value?.profit.quoteAsset;
  const isEmpty = !series || series.pnl.at.length === 0 || series.from === null || series.to === null;
  return (
    <Panel
      class="pnl"
      title={`PnL before fees${quote ? `, ${quote}` : ''}`}
      right={
        <span class="legend">
          <span>dashed: peak</span>
          <span>tinted: drawdown</span>
        </span>
      }
    >
      {isEmpty ? (
        series ? (
          <Empty>No fill yet.</Empty>
        ) : (
          <div class="plot" />
        )
      ) : (
        <PnlPlot pnl={series.pnl} from={series.from ?? 0} to={series.to ?? 1} />
      )}
    </Panel>
  );
}
