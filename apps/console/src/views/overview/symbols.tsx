import type { SymbolRow } from '@opensqt/observability/console-api';
import { Icon, type Shape } from '../../components/icon';
import { Empty, Panel } from '../../components/panel';
import { type Heading, Table } from '../../components/table';
import { exact, exactSigned, rounded, roundedSigned } from '../../format/decimal';
import { duration, seconds } from '../../format/time';
import { type Tense, reasonWords, stateWords } from '../../format/words';
import { shown, tense } from '../../state/shown';

interface RowProps {
  readonly row: SymbolRow;
  readonly time: number;
  readonly tense: Tense;
}

function look({ state, reason, priceStale }: SymbolRow, spoken: Tense): readonly [Shape, string] {
  if (spoken === 'stale') return ['unknown', 'unknown'];
  if (priceStale) return ['warning', 'warn'];
  switch (state) {
    case 'quoting':
      return ['ok', 'ok'];
    case 'one_side':
      return ['warning', 'warn'];
    case 'stopped':
      return ['halted', 'unknown'];
    case 'no_orders':
      return reason === null || reason.code === 'none' || reason.code === 'warming_up'
        ? ['unknown', 'unknown']
        : ['halted', 'error'];
  }
}

const baseOf = ({ symbol, quoteAsset }: SymbolRow) =>
  quoteAsset !== null && symbol.endsWith(quoteAsset)
    ? symbol.slice(0, -quoteAsset.length).replace(/[-/_]$/, '')
    : '';

function State({ row, time, tense: spoken }: RowProps) {
  const [shape, tone] = look(row, spoken);
  const stale =
    row.priceStale && spoken === 'now' && row.reason?.code !== 'stale_price' ? '; its price is too old' : '';
  return (
    <span class="state">
      <Icon shape={shape} tone={tone} />
      <span>
        <b>{stateWords(row, spoken)}</b>{' '}
        <small>
          {reasonWords(row, time, spoken)}
          {stale}
        </small>
      </span>
    </span>
  );
}

function Row({ row, time, tense: spoken }: RowProps) {
  const fees = row.fees.map(({ asset, amount }) =>
    asset === row.quoteAsset ? rounded(amount) : `${exact(amount)} ${asset}`,
  );
  const money = (value: string | null) => (value === null ? '–' : roundedSigned(value));
  return (
    <tr>
      <th scope="row" class="c-sym sym">
        <span class="cut" title={row.symbol}>
          {row.symbol}
        </span>
      </th>
      <td class="c-state">
        <State row={row} time={time} tense={spoken} />
      </td>
      <td class="c-ord num">
        <Icon shape="buy" tone="buy" /> {row.resting.buys} <Icon shape="sell" tone="sell" />{' '}
        {row.resting.sells}
        <span class="hide"> resting buys and sells</span>
      </td>
      <td class="c-price num">
        {row.price === null ? <span class="muted">none yet</span> : exact(row.price)}
      </td>
      <td class="c-age num muted">
        {row.priceFrom === 'fill'
          ? 'last fill'
          : row.priceAge !== null
            ? duration(row.priceAge)
            : row.priceAt === null
              ? '–'
              : seconds(time - row.priceAt)}
      </td>
      <td class="c-pos num">
        {row.position === null ? '–' : exactSigned(row.position)} <span class="unit">{baseOf(row)}</span>
      </td>
      <td class="c-val num">{money(row.value)}</td>
      <td class="c-entry num">{row.entry === null ? '–' : significant(row.entry)}</td>
      <td class="c-upnl num">
        {money(row.unrealized)}
        <span class="hide"> {row.quoteAsset} unrealized</span>
      </td>
      <td class="c-rpnl num">{money(row.realized)}</td>
      <td class="c-fee num">{fees.length === 0 ? '–' : fees.join(', ')}</td>
      <td class="c-last num muted">
        {row.lastFill ? `${seconds(time - row.lastFill.at)} ago` : 'no fill yet'}
      </td>
    </tr>
  );
}

/** An average price: seven significant digits, at least what stands before the point. */
const significant = (price: string): string => {
  const size = Math.floor(Math.log10(Math.abs(Number(price)) || 1));
  return rounded(price, Math.max(0, Math.min(10, 6 - size)));
};

const headings = (quote: string): readonly Heading[] => [
  ['Symbol'],
  ['Orders'],
  ['Resting', 'num'],
  [`Price${quote}`, 'num'],
  ['Age', 'num'],
  ['Position', 'num'],
  [`Value${quote}`, 'num'],
  [`Entry${quote}`, 'num'],
  [`Unrealized${quote}`, 'num'],
  [`Realized${quote}`, 'num'],
  [`Fees${quote}`, 'num'],
  ['Last fill', 'num'],
];

/** One row per symbol: its orders, why there are none, its price and position. */
export function Symbols() {
  const overview = shown.value;
  const rows = overview?.symbols ?? [];
  const strategies = [...new Set(rows.flatMap(({ strategy }) => strategy ?? []))].join(', ');
  const quote = overview?.profit.quoteAsset ? `, ${overview.profit.quoteAsset}` : '';
  const legend = (
    <span class="legend">
      <span>
        <Icon shape="buy" tone="buy" /> resting buys
      </span>
      <span>
        <Icon shape="sell" tone="sell" /> resting sells
      </span>
    </span>
  );
  return (
    <Panel
      class="symbols"
      title="Symbols"
      beside={<span class="muted small t-wide">{strategies}</span>}
      right={legend}
    >
      {overview && rows.length === 0 ? (
        <Empty>No symbol is traded here.</Empty>
      ) : (
        <Table label="Symbols" caption="One row per symbol" headings={headings(quote)}>
          {rows.map((row) => (
            <Row key={row.symbol} row={row} time={overview?.time ?? 0} tense={tense.value} />
          ))}
        </Table>
      )}
    </Panel>
  );
}
