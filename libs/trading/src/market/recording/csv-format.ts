import type { Side } from '@opensqt/trading-events';
import { type LineParser, malformed, tradeOf } from './trade-format';

/** The index of each field's column; -1 where there is none. */
interface Columns {
  readonly time: number;
  readonly price: number;
  readonly quantity: number;
  readonly side: number;
  readonly isBuyerMaker: number;
  readonly id: number;
}

const NAMES: Readonly<Record<keyof Columns, readonly string[]>> = {
  time: ['timestamp_ms', 'time', 'transact_time', 'timestamp'],
  price: ['price'],
  quantity: ['quantity', 'qty'],
  side: ['side'],
  isBuyerMaker: ['isbuyermaker', 'is_buyer_maker'],
  id: ['id', 'agg_trade_id', 'aggtradeid', 'trade_id'],
};

/** Columns by the names in a header line; undefined when it is not the header of a file of trades. */
export function columnsOfHeader(line: string): Columns | undefined {
  const names = line.toLowerCase().split(',').map(unquoted);
  const find = (field: keyof Columns): number => names.findIndex((name) => NAMES[field].includes(name));
  const columns = {
    time: find('time'),
    price: find('price'),
    quantity: find('quantity'),
    side: find('side'),
    isBuyerMaker: find('isBuyerMaker'),
    id: find('id'),
  };
  return columns.time >= 0 && columns.price >= 0 && columns.quantity >= 0 ? columns : undefined;
}

/**
 * Columns of Binance's public dumps, which come without a header: trades are
 * `id,price,qty,quoteQty,time,isBuyerMaker[,isBestMatch]`, aggregated trades
 * `aggId,price,qty,firstId,lastId,time,isBuyerMaker[,isBestMatch]`.
 *
 * @see https://github.com/binance/binance-public-data
 */
export function columnsOfDump(line: string): Columns | undefined {
  const fields = line.split(',').map(unquoted);
  if (fields.length < 6 || fields.length > 8 || !fields.slice(0, 5).every(isNumeric)) return undefined;
  const common = { price: 1, quantity: 2, side: -1, id: 0 };
  if (isFlag(fields[5])) return { ...common, time: 4, isBuyerMaker: 5 };
  return isNumeric(fields[5]) && isFlag(fields[6]) ? { ...common, time: 5, isBuyerMaker: 6 } : undefined;
}

export function csvParser(columns: Columns): LineParser {
  const width = Math.max(columns.time, columns.price, columns.quantity) + 1;
  return (line) => {
    const fields = line.split(',');
    if (fields.length < width)
      return malformed(`it has ${fields.length} columns where ${width} or more are needed`);
    const field = (index: number): string | undefined =>
      index < 0 || fields[index] === undefined ? undefined : unquoted(fields[index]);
    return tradeOf({
      time: field(columns.time),
      price: field(columns.price),
      quantity: field(columns.quantity),
      side: sideOf(field(columns.side), field(columns.isBuyerMaker)),
      id: field(columns.id),
    });
  };
}

/** The buyer being the maker means that the seller took liquidity. */
function sideOf(side: string | undefined, isBuyerMaker: string | undefined): Side | undefined {
  const named = side?.toLowerCase();
  if (named === 'buy' || named === 'sell') return named;
  if (!isFlag(isBuyerMaker)) return undefined;
  return isBuyerMaker?.toLowerCase() === 'true' ? 'sell' : 'buy';
}

function isFlag(field: string | undefined): boolean {
  return field !== undefined && /^(true|false)$/i.test(field);
}

function isNumeric(field: string | undefined): boolean {
  return field !== undefined && /^\d+(\.\d+)?$/.test(field);
}

function unquoted(field: string): string {
  return field.trim().replace(/^"(.*)"$/, '$1');
}
