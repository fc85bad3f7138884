import { TradingError } from '../../trading-error';
import type { RecordedTrade } from './trade-format';

/** A trade, and the line that it stands in. */
export interface Row {
  readonly line: number;
  readonly trade: RecordedTrade;
}

/** Exchanges stamp trades in batches and clocks are corrected: times may go back by so much. */
const TOLERANCE_MS = 1_000;
const DAY_MS = 86_400_000;

/**
 * Passes rows on in the file's order, one row late: a time that is far ahead of the rows around it is damaged, and everything
 * after it would wait for that time.
 */
export class RowOrder {
  private held: Row | undefined;
  private last: Row | undefined;
  private passed = 0;

  /** @param onAhead called with a row that is left out */
  constructor(
    private readonly path: string,
    private readonly onAhead: (row: Row) => void,
  ) {}

  /**
   * @returns the row before, unless its time is damaged
   * @throws TradingError `RECORDING_UNSORTED`
   */
  next(row: Row): Row | undefined {
    const { held } = this;
    this.held = row;
    return held === undefined ? undefined : this.judge(held, row.trade.time);
  }

  /** The last row, unless its time is damaged. */
  end(): Row | undefined {
    const { held } = this;
    this.held = undefined;
    return held === undefined ? undefined : this.judge(held, this.last?.trade.time ?? held.trade.time);
  }

  private judge(row: Row, nextTime: number): Row | undefined {
    const { last } = this;
    const isAhead = (other: number): boolean => row.trade.time - other > DAY_MS;
    const isFirst = this.passed++ === 0;
    if (isAhead(nextTime) && (last === undefined ? isFirst : isAhead(last.trade.time))) {
      this.onAhead(row);
      return undefined;
    }
    if (last !== undefined && last.trade.time - row.trade.time > TOLERANCE_MS) throw this.unsorted(last, row);
    const time = Math.max(row.trade.time, last?.trade.time ?? 0);
    this.last = { line: row.line, trade: { ...row.trade, time } };
    return this.last;
  }

  private unsorted(before: Row, after: Row): TradingError {
    return new TradingError(
      'RECORDING_UNSORTED',
      `The recording ${this.path} goes back in time: line ${after.line} is of ${iso(after)}, and line ${before.line} before it of ${iso(before)}. Sort the file by time, or set sort: true for it.`,
    );
  }
}

/** All rows by their times; those of the same time in the file's order. */
export async function* sortedRows(rows: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  const all: Row[] = [];
  for await (const some of rows) for (const row of some) all.push(row);
  yield all.sort((a, b) => a.trade.time - b.trade.time);
}

function iso({ trade }: Row): string {
  return new Date(trade.time).toISOString();
}
