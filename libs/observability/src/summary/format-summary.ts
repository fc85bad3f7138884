import { type AlertLevel, type AlertNotice, formatDuration } from '@opensqt/trading-events';
import { formatCode, formatScope } from '../format/format';
import { formatExactly, formatNumber, withUnit } from '../format/number';
import { formatDateTime } from '../format/time';
import { ExactSum } from '../projections/exact-sum';
import { type DailyTime, localTime } from './daily-time';
import { MISSED_AFTER_MS } from './summary.projection';
import { type ClosedPeriod, type SymbolCondition, type SymbolFigures, newFigures } from './summary.state';

/** An alert that is open when the summary is sent. */
interface OpenAlert {
  readonly level: AlertLevel;
  readonly title: string;
}

/** Open alerts that are named one by one. */
const NAMED_ALERTS = 10;

/**
 * Formats the summary of a period, with a field per symbol. Amounts are exact; they are added up only where fees show that their currency is the same.
 *
 * @param timeZone of the times in it, but that of the day itself
 */
export function formatSummary(
  closed: ClosedPeriod,
  open: readonly OpenAlert[],
  { at, timeZone: dayZone }: DailyTime,
  timeZone: string,
): Pick<AlertNotice, 'title' | 'message' | 'fields'> {
  const { dueAt, to, figures } = closed;
  const date = new Date(localTime(dueAt, dayZone)).toISOString().slice(0, 10);
  const late = to - dueAt >= MISSED_AFTER_MS ? ` (delayed by ${formatDuration(to - dueAt)})` : '';
  const symbols = [...closed.conditions].map(
    ([symbol, condition]) => [symbol, condition, figures.symbols.get(symbol) ?? newFigures()] as const,
  );
  const lines = [
    `From ${formatDateTime(figures.from ?? to, timeZone)} to ${formatDateTime(to, timeZone)}.`,
    ...totals(symbols),
    `Alerts raised: ${formatRaised(closed)}.`,
    `Open now: ${formatOpen(open)}.`,
    `Circuit breakers: ${formatBreakers(closed)}.`,
    `Messages given up: ${formatCounts(figures.givenUp)}.`,
  ];
  return {
    title: `Daily summary of ${date}, ${at} ${dayZone}${late}`,
    message: lines.join('\n'),
    fields: Object.fromEntries(
      symbols.map(([symbol, condition, of]) => [symbol, formatSymbol(condition, of, closed)]),
    ),
  };
}

function formatSymbol(condition: SymbolCondition, figures: SymbolFigures, closed: ClosedPeriod): string {
  const { realized, fills, volume, placed, rejected, fees, restarts } = figures;
  const { unrealized, quote } = condition;
  const paid = [...fees].map(([asset, sum]) => withUnit(formatExactly(sum.toString()), asset)).join(', ');
  return [
    `realized ${withUnit(signed(realized), quote)}`,
    `unrealized ${withUnit(signed(exact(unrealized)), quote)} at the last fill`,
    `fees ${paid || '0'}`,
    `${formatNumber(fills)} fills of ${formatExactly(volume.toString())} in all`,
    `${formatNumber(placed)} orders placed, ${formatNumber(rejected)} rejected`,
    `up ${upShare(condition, figures, closed)} of the time, ${restarts} restarts`,
  ].join('; ');
}

/** Of the part of the period in which the symbol was known: `99.87 %`, rounded down, so that 100 % says what it says. */
function upShare(
  { startedFirstAt }: SymbolCondition,
  { downMs }: SymbolFigures,
  { figures, to }: ClosedPeriod,
): string {
  const length = to - Math.max(figures.from ?? to, startedFirstAt);
  const share = length <= 0 ? 1 : Math.max(0, 1 - downMs / length);
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}

/** A line for each quote currency that more than one symbol has. */
function totals(symbols: readonly (readonly [string, SymbolCondition, SymbolFigures])[]): readonly string[] {
  const quotes = new Set(symbols.map(([, { quote }]) => quote));
  return [...quotes].flatMap((quote) => {
    const group = symbols.filter(([, condition]) => condition.quote === quote);
    if (quote === undefined || group.length < 2) return [];
    const realized = new ExactSum();
    const unrealized = new ExactSum();
    for (const [, condition, figures] of group) {
      realized.add(figures.realized.toString());
      unrealized.add(condition.unrealized);
    }
    const names = group.map(([symbol]) => symbol).join(', ');
    return [`${names}: realized ${signed(realized)} ${quote}, unrealized ${signed(unrealized)} ${quote}.`];
  });
}

function formatRaised({ figures: { alerts } }: ClosedPeriod): string {
  const counts = [...alerts].flatMap(([condition, levels]) =>
    [...levels].map(([level, count]) => `${count} × ${formatCode(condition)} (${level})`),
  );
  return counts.join(', ') || 'none';
}

function formatOpen(open: readonly OpenAlert[]): string {
  const named = open.slice(0, NAMED_ALERTS).map(({ level, title }) => `${level} ${title}`);
  const more = open.length - named.length;
  return [...named, ...(more === 0 ? [] : [`${more} more`])].join('; ') || 'none';
}

function formatBreakers({ breakers }: ClosedPeriod): string {
  const open = [...breakers].map(([scope, reason]) => `${formatScope(scope)} (${formatCode(reason)})`);
  return open.length === 0 ? 'none is open' : `open for ${open.join(', ')}`;
}

function formatCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${count} to ${name}`).join(', ') || 'none';
}

function exact(amount: string): ExactSum {
  const sum = new ExactSum();
  sum.add(amount);
  return sum;
}

function signed(sum: ExactSum): string {
  const amount = sum.toString();
  return `${amount.startsWith('-') || amount === '0' ? '' : '+'}${formatExactly(amount)}`;
}
