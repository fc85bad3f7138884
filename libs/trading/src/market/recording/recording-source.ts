import type { Objection } from '@opensqt/trading-events/options';
import type { Trade } from '../market-event';
import { type MalformedLine, type SourceKind, skipUntil } from '../market-source';
import { PlayedTrades } from './played-trades';
import { readTrades } from './recording-file';
import type { RecordedFile } from '../recording.options';

/** The position that reading a file has got to. */
class Cursor {
  private batch: readonly Trade[] = [];
  private index = 0;

  constructor(
    readonly file: RecordedFile,
    private readonly batches: AsyncGenerator<readonly Trade[]>,
  ) {}

  get current(): Trade | undefined {
    return this.batch[this.index];
  }

  /** Moves to the next trade; a promise only when the file must be read for it. */
  advance(): Promise<void> | undefined {
    this.index++;
    return this.index < this.batch.length ? undefined : this.refill();
  }

  async refill(): Promise<void> {
    this.index = 0;
    do {
      const next = await this.batches.next();
      this.batch = next.done === true ? [] : next.value;
      if (next.done === true) return;
    } while (this.batch.length === 0);
  }

  async close(): Promise<void> {
    await this.batches.return(undefined);
  }
}

/**
 * Recorded trades of several files and symbols, merged by time; at equal times in the order of the files. A trade that several files of
 * a symbol have is played once.
 *
 * @param onRepeated called with each trade that another file has brought already, and its own
 */
export async function* recordingSource(
  files: readonly RecordedFile[],
  onMalformed: (line: MalformedLine) => void,
  onRepeated: (file: RecordedFile, trade: Trade) => void,
): AsyncGenerator<Trade> {
  const cursors = files.map((file) => new Cursor(file, readTrades(file, onMalformed)));
  const overlapping = files.filter((file) =>
    files.some((other) => other !== file && other.symbol === file.symbol),
  );
  const played = new Map(overlapping.map(({ symbol }) => [symbol, new PlayedTrades<RecordedFile>()]));
  try {
    for (const cursor of cursors) await cursor.refill();
    for (;;) {
      let earliest: Cursor | undefined;
      for (const cursor of cursors) {
        if (cursor.current === undefined) continue;
        if (earliest?.current === undefined || cursor.current.time < earliest.current.time) earliest = cursor;
      }
      if (earliest?.current === undefined) return;
      const { current, file } = earliest;
      if (played.get(file.symbol)?.add(current, file) === false) onRepeated(file, current);
      else yield current;
      const reading = earliest.advance();
      if (reading !== undefined) await reading;
    }
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
}

function objections(files: readonly RecordedFile[], symbols: readonly string[]): readonly Objection[] {
  if (files.length === 0) {
    const allowed = 'at least one entry with symbol and path while exchange.source is recording';
    return [{ path: ['recording'], found: 'no recording', allowed }];
  }
  const recorded = new Set(files.map(({ symbol }) => symbol));
  const allowed = `one of ${[...recorded].join(', ')}, or a further entry in recording`;
  return symbols.flatMap((symbol, index) => {
    if (recorded.has(symbol)) return [];
    return { path: ['symbols', index, 'symbol'], found: `${symbol}, which has no recording`, allowed };
  });
}

export const recording: SourceKind = {
  symbols: (files) => [...new Set(files.map(({ symbol }) => symbol))],
  objections,
  open: ({ recording: files, symbols, resumeAfter, onHistory, onMalformed, onRepeated }) => {
    const traded = new Set(symbols.map(({ symbol }) => symbol));
    const trades = recordingSource(
      files.filter(({ symbol }) => traded.has(symbol)),
      onMalformed,
      (file, { time }) => {
        if (resumeAfter === undefined || time > resumeAfter) onRepeated(file);
      },
    );
    return resumeAfter === undefined ? trades : skipUntil(trades, resumeAfter, onHistory);
  },
};
