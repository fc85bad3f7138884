import { type AlertLevel, type EpochMs, formatDuration } from '@opensqt/trading-events';
import { formatCode, formatScope } from '../format/format';
import { ExactSum } from '../projections/exact-sum';
import { type DailyTime, localTime } from './daily-time';
import { MISSED_AFTER_MS } from './summary.projection';
import { type ClosedPeriod, type SymbolCondition, type SymbolFigures, newFigures } from './summary.state';

/** The text of a summary. */
export interface SummaryWords {
  readonly title: string;
  readonly message: string;
  /** One per symbol. */
  readonly fields: Readonly<Record<string, string>>;
}

/** An alert that is open when the summary is sent. */
interface OpenAlert {
  readonly level: AlertLevel;
  readonly title: string;
}

/** Open alerts that are named one by one. */
const NAMED_ALERTS = 10;

/** Puts a period into words. Amounts are exact; they are added up only where fees show that their currency is the same. */
export function summaryWords(
  closed: ClosedPeriod,
  open: readonly OpenAlert[],
  { at, timeZone }: DailyTime,
): SummaryWords {
  const { dueAt, to, figures } = closed;
  const date = new Date(localTime(dueAt, timeZone)).toISOString().slice(0, 10);
  const late = to - dueAt >= MISSED_AFTER_MS ? ` (delayed by ${formatDuration(to - dueAt)})` : '';
  const symbols = [...closed.conditions].map(
    ([symbol, condition]) => [symbol, condition, figures.symbols.get(symbol) ?? newFigures()] as const,
  );
  const lines = [
    `From ${timeOf(figures.from ?? to)} to ${timeOf(to)}.`,
    ...totals(symbols),
    `Alerts raised: ${alertsInWords(closed)}.`,
    `Open now: ${openInWords(open)}.`,
    `Circuit breakers: ${breakersInWords(closed)}.`,
    `Messages given up: ${countsInWords(figures.givenUp)}.`,
  ];
  return {
    title: `Daily summary of ${date}, ${at} ${timeZone}${late}`,
    message: lines.join('\n'),
    fields: Object.fromEntries(
      symbols.map(([symbol, condition, of]) => [symbol, symbolInWords(condition, of, closed)]),
    ),
  };
}

function symbolInWords(condition: SymbolCondition, figures: SymbolFigures, closed: ClosedPeriod): string {
  const { realized, fills, volume, placed, rejected, fees, restarts } = figures;
  const { unrealized, quote } = condition;
  const currency = quote === undefined ? '' : ` ${quote}`;
  const paid = [...fees].map(([asset, sum]) => `${sum.toString()} ${asset}`).join(', ');
  return [
    `realized ${signed(realized.toString())}${currency}`,
    `unrealized ${signed(exact(unrealized))}${currency} at the last fill`,
    `fees ${paid || '0'}`,
    `${fills} fills of ${volume.toString()} in all`,
    `${placed} orders placed, ${rejected} rejected`,
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
    return [
      `${names}: realized ${signed(realized.toString())} ${quote}, unrealized ${signed(unrealized.toString())} ${quote}.`,
    ];
  });
}

function alertsInWords({ figures: { alerts } }: ClosedPeriod): string {
  const counts = [...alerts].flatMap(([condition, levels]) =>
    [...levels].map(([level, count]) => `${count} × ${formatCode(condition)} (${level})`),
  );
  return counts.join(', ') || 'none';
}

function openInWords(open: readonly OpenAlert[]): string {
  const named = open.slice(0, NAMED_ALERTS).map(({ level, title }) => `${level} ${title}`);
  const more = open.length - named.length;
  return [...named, ...(more === 0 ? [] : [`${more} more`])].join('; ') || 'none';
}

function breakersInWords({ breakers }: ClosedPeriod): string {
  const open = [...breakers].map(([scope, reason]) => `${formatScope(scope)} (${formatCode(reason)})`);
  return open.length === 0 ? 'none is open' : `open for ${open.join(', ')}`;
}

function countsInWords(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${count} to ${name}`).join(', ') || 'none';
}

/** Without zeros at its end. */
function exact(amount: string): string {
  const sum = new ExactSum();
  sum.add(amount);
  return sum.toString();
}

function signed(amount: string): string {
  return amount.startsWith('-') || amount === '0' ? amount : `+${amount}`;
}

function timeOf(time: EpochMs): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
