import type { Side } from '@opensqt/trading-events';
import { TradingError } from '../../trading-error';
import type { Trade } from '../market-event';
import type { MalformedLine } from '../market-source';
import { columnsOfDump, columnsOfHeader, csvParser } from './csv-format';
import { decompressedChunks } from './decompressed-chunks';
import { type LineParser, binanceStreamParser } from './trade-format';

/** A file with so many first lines of no known format is refused, rather than read as one with some bad lines. */
const LINES_TO_RECOGNISE = 20;

/**
 * The trades of a file, a batch at a time, in the file's order. A time that goes backwards becomes the one before it;
 * exchanges stamp trades in batches and clocks are corrected. Where the side is not recorded, the tick rule infers it.
 *
 * @throws TradingError `RECORDING_UNREADABLE`, `RECORDING_FORMAT_UNKNOWN`
 */
export async function* readTrades(
  symbol: string,
  path: string,
  onMalformed: (line: MalformedLine) => void,
): AsyncGenerator<readonly Trade[]> {
  const tickRule = new TickRule();
  let parse: LineParser | undefined;
  let lineNumber = 0;
  let time = 0;
  for await (const lines of readLines(path, (reason) =>
    onMalformed({ file: path, line: lineNumber + 1, reason }),
  )) {
    const trades: Trade[] = [];
    for (const line of lines) {
      lineNumber++;
      if (line.trim() === '') continue;
      if (parse === undefined) {
        const recognised = recognise(line, symbol);
        if (recognised === undefined) {
          refuseUnknown(path, lineNumber);
          onMalformed({ file: path, line: lineNumber, reason: 'it is in no known format' });
          continue;
        }
        parse = recognised.parse;
        if (recognised.isHeader) continue;
      }
      const parsed = parse(line);
      if (parsed.kind === 'malformed') {
        onMalformed({ file: path, line: lineNumber, reason: parsed.reason });
      } else if (parsed.kind === 'trade') {
        time = Math.max(time, parsed.trade.time);
        const side = parsed.trade.side ?? tickRule.next(Number(parsed.trade.price));
        trades.push({ type: 'trade', symbol, ...parsed.trade, time, side });
      }
    }
    yield trades;
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

function refuseUnknown(path: string, lineNumber: number): void {
  if (lineNumber < LINES_TO_RECOGNISE) return;
  throw new TradingError(
    'RECORDING_FORMAT_UNKNOWN',
    `The recording ${path} is in no known format. Known are CSV with the header timestamp_ms,price,quantity[,side,id], Binance's public trade dumps, and raw Binance combined-stream JSON lines.`,
  );
}

async function* readLines(
  path: string,
  onDamage: (reason: string) => void,
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of decompressedChunks(path, onDamage)) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield lines;
    }
  } catch (error) {
    if (error instanceof TradingError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new TradingError(
      'RECORDING_UNREADABLE',
      `The recording ${path} can't be read: ${why}. Check the path and the permissions.`,
      { cause: error },
    );
  }
  if (rest !== '') yield [rest];
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
