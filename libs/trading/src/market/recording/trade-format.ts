import type { EpochMs, Side } from '@opensqt/trading-events';
import { Decimal } from '../money';
import { recordedTime } from './recorded-time';

/** A trade as it stands in a line of a recording. */
export interface RecordedTrade {
  readonly time: EpochMs;
  readonly price: string;
  readonly quantity: string;
  readonly side?: Side;
  readonly id?: string;
}

/** A line as a trade, as something else that is well-formed, or as malformed and why. */
export type ParsedLine =
  | { readonly kind: 'trade'; readonly trade: RecordedTrade }
  | { readonly kind: 'other'; readonly message: Readonly<Record<string, unknown>> }
  | { readonly kind: 'malformed'; readonly reason: string };

export type LineParser = (line: string) => ParsedLine;

const PLAIN = /^\d+(\.\d+)?$/;
const WITH_EXPONENT = /^\d+(\.\d+)?e[+-]?\d{1,2}$/i;

export function malformed(reason: string): ParsedLine {
  return { kind: 'malformed', reason };
}

/** A trade from its fields as text. `side` is who took liquidity. */
export function tradeOf(fields: {
  readonly time: string | undefined;
  readonly price: string | undefined;
  readonly quantity: string | undefined;
  readonly side?: Side | undefined;
  readonly id?: string | undefined;
}): ParsedLine {
  const time = recordedTime(Number(fields.time?.trim() === '' ? undefined : fields.time));
  if (time === undefined) {
    return malformed(
      `the time is ${shown(fields.time)}: none between 2000 and 2200 in seconds, milli-, micro- or nanoseconds`,
    );
  }
  const price = positiveDecimal(fields.price);
  if (price === undefined) return malformed(`the price is ${shown(fields.price)}`);
  const quantity = positiveDecimal(fields.quantity);
  if (quantity === undefined) return malformed(`the quantity is ${shown(fields.quantity)}`);
  const trade = {
    time,
    price,
    quantity,
    ...(fields.side === undefined ? {} : { side: fields.side }),
    ...(fields.id === undefined || fields.id === '' ? {} : { id: fields.id }),
  };
  return { kind: 'trade', trade };
}

/**
 * Binance's WebSocket messages, one JSON document a line, bare or in a combined stream, with or without the local receive
 * time before it. Everything but trades and aggregated trades of the symbol is left aside.
 */
export function binanceStreamParser(symbol: string): LineParser {
  return (line) => {
    const start = line.indexOf('{');
    if (start < 0 || !/^\d*\s*$/.test(line.slice(0, start))) return malformed('it is not a JSON message');
    let message: unknown;
    try {
      message = JSON.parse(line.slice(start));
    } catch {
      return malformed('it is not valid JSON');
    }
    const envelope = (message ?? {}) as { data?: unknown };
    const data = (envelope.data ?? envelope) as Record<string, unknown>;
    const kind = data['e'];
    if ((kind !== 'trade' && kind !== 'aggTrade') || data['s'] !== symbol)
      return { kind: 'other', message: data };
    return tradeOf({
      time: text(data['T']),
      price: text(data['p']),
      quantity: text(data['q']),
      side: data['m'] === true ? 'sell' : 'buy',
      id: text(data[kind === 'trade' ? 't' : 'a']),
    });
  };
}

/** The words for a message that is no trade, as far as it says itself: `kline of BTCUSDT`. */
export function wordsOfOther({ e: kind, s: symbol }: Readonly<Record<string, unknown>>): string {
  const [stated, of] = [kind, symbol].map((value) => text(value)?.slice(0, 30));
  return `${stated ?? 'one without the field e'}${of === undefined ? '' : ` of ${of}`}`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function positiveDecimal(value: string | undefined): string | undefined {
  const found = value?.trim() ?? '';
  if (PLAIN.test(found)) return Number(found) > 0 ? found : undefined;
  if (!WITH_EXPONENT.test(found)) return undefined;
  const decimal = new Decimal(found);
  return decimal.gt(0) ? decimal.toFixed() : undefined;
}

function shown(value: string | undefined): string {
  return value === undefined ? 'missing' : `'${value.slice(0, 30)}'`;
}
