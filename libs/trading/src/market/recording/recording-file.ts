import type { Side } from '@opensqt/trading-events';
import { TradingError } from '../../trading-error';
import type { Trade } from '../market-event';
import type { MalformedLine } from '../market-source';
import type { RecordedFile } from '../recording.options';
import { columnsOfDump, columnsOfHeader, csvParser } from './csv-format';
import { TOO_LONG, recordedLines } from './recorded-lines';
import { type Row, RowOrder, sortedRows } from './row-order';
import { type LineParser, binanceStreamParser, wordsOfOther } from './trade-format';

/** A file with so many first lines of no known format is refused, rather than read as one with some bad lines. */
const LINES_TO_RECOGNISE = 20;
/** A file is refused after so many lines in a row that are blank or malformed: it is no recording. */
const MAX_USELESS_LINES = 1_000_000;
/** Kinds of other messages that are named where there is no trade. */
const NAMED = 3;

const FORMATS =
  "Known are CSV with the header timestamp_ms,price,quantity[,side,id], Binance's public trade dumps, and raw Binance combined-stream JSON lines.";

/**
 * The trades of a file, a batch at a time, in the file's order, or by time where it is to be sorted. A time that goes back by up to a
 * second becomes the one before it. Where the side is not recorded, the tick rule infers it.
 *
 * @throws TradingError `RECORDING_UNREADABLE`, `RECORDING_FORMAT_UNKNOWN`, `RECORDING_UNSORTED`, `RECORDING_EMPTY`
 */
export async function* readTrades(
  { symbol, path, sort }: RecordedFile,
  onMalformed: (line: MalformedLine) => void,
): AsyncGenerator<readonly Trade[]> {
  const tickRule = new TickRule();
  const order = new RowOrder(path, ({ line, trade }) =>
    onMalformed({
      file: path,
      line,
      reason: `its time, ${new Date(trade.time).toISOString()}, is more than a day ahead of the lines around it`,
    }),
  );
  const toTrade = ({ trade }: Row): Trade => {
    const side = trade.side ?? tickRule.next(Number(trade.price));
    return { type: 'trade', symbol, ...trade, side };
  };
  const rows = new RowReader(symbol, path, onMalformed).rows();
  for await (const some of sort ? sortedRows(rows) : rows) {
    const trades: Trade[] = [];
    for (const row of some) {
      const before = order.next(row);
      if (before !== undefined) trades.push(toTrade(before));
    }
    yield trades;
  }
  const last = order.end();
  if (last !== undefined) yield [toTrade(last)];
}

/** Reads the rows of one file, and counts what it finds that is none. */
class RowReader {
  private parse: LineParser | undefined;
  private line = 0;
  private trades = 0;
  private others = 0;
  private readonly otherKinds = new Set<string>();
  private skipped = 0;
  private uselessInARow = 0;

  constructor(
    private readonly symbol: string,
    private readonly path: string,
    private readonly onMalformed: (line: MalformedLine) => void,
  ) {}

  async *rows(): AsyncGenerator<readonly Row[]> {
    const damaged = (reason: string): void =>
      this.onMalformed({ file: this.path, line: this.line + 1, reason });
    for await (const lines of recordedLines(this.path, damaged)) {
      const rows: Row[] = [];
      for (const line of lines) {
        this.line++;
        const row = line === TOO_LONG ? this.skip('it is longer than 64 KB') : this.row(line);
        if (row !== undefined) rows.push(row);
      }
      yield rows;
    }
    if (this.trades === 0) throw this.withoutTrades();
  }

  private row(line: string): Row | undefined {
    if (line.trim() === '') return this.useless();
    if (this.parse === undefined) {
      const recognised = recognise(line, this.symbol);
      if (recognised === undefined) {
        if (this.line >= LINES_TO_RECOGNISE) throw this.unknownFormat();
        return this.skip('it is in no known format');
      }
      this.parse = recognised.parse;
      if (recognised.isHeader) return undefined;
    }
    const parsed = this.parse(line);
    if (parsed.kind === 'malformed') return this.skip(parsed.reason);
    this.uselessInARow = 0;
    if (parsed.kind === 'other') {
      this.others++;
      if (this.trades === 0 && this.otherKinds.size < NAMED)
        this.otherKinds.add(wordsOfOther(parsed.message));
      return undefined;
    }
    this.trades++;
    return { line: this.line, trade: parsed.trade };
  }

  private skip(reason: string): undefined {
    this.skipped++;
    this.onMalformed({ file: this.path, line: this.line, reason });
    return this.useless();
  }

  private useless(): undefined {
    if (++this.uselessInARow < MAX_USELESS_LINES) return undefined;
    throw new TradingError(
      'RECORDING_EMPTY',
      `The recording ${this.path} has ${MAX_USELESS_LINES} lines in a row without a trade, up to line ${this.line}. Check the file.`,
    );
  }

  private withoutTrades(): TradingError {
    if (this.parse === undefined && this.skipped > 0) return this.unknownFormat();
    const found = [
      this.line === 1 ? '1 line' : `${this.line} lines`,
      ...(this.skipped === 0 ? [] : [`${this.skipped} of them malformed`]),
      ...(this.others === 0
        ? []
        : [
            `${this.others} messages that are no trade or aggTrade of it (such as ${[...this.otherKinds].join(', ')})`,
          ]),
    ];
    return new TradingError(
      'RECORDING_EMPTY',
      `The recording ${this.path} has no trade of ${this.symbol}: found ${found.join(', ')}. Check the file, and the symbol that it is configured for.`,
    );
  }

  private unknownFormat(): TradingError {
    return new TradingError(
      'RECORDING_FORMAT_UNKNOWN',
      `The recording ${this.path} is in no known format. ${FORMATS}`,
    );
  }
}

function recognise(
  line: string,
  symbol: string,
): { readonly parse: LineParser; readonly isHeader: boolean } | undefined {
  if (/^(\d+\s+)?\{/.test(line)) return { parse: binanceStreamParser(symbol), isHeader: false };
  const header = columnsOfHeader(line);
  if (header !== undefined) return { parse: csvParser(header), isHeader: true };
  const dump = columnsOfDump(line);
  return dump === undefined ? undefined : { parse: csvParser(dump), isHeader: false };
}

/**
 * Infers who took liquidity: the buyer when the price rose, the seller when it fell, and as before when it did not move
 * (C. M. C. Lee and M. J. Ready, Inferring Trade Direction from Intraday Data, 1991).
 */
class TickRule {
  private price: number | undefined;
  private side: Side = 'buy';

  next(price: number): Side {
    if (this.price !== undefined && price !== this.price) this.side = price > this.price ? 'buy' : 'sell';
    this.price = price;
    return this.side;
  }
}
