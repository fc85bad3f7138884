import type { Trade } from '../market-event';
import { type MalformedLine, type RecordingOptions, type SourceKind, skipUntil } from '../market-source';
import { readTrades } from './recording-file';

/** The position that reading a file has got to. */
class Cursor {
  private batch: readonly Trade[] = [];
  private index = 0;

  constructor(private readonly batches: AsyncGenerator<readonly Trade[]>) {}

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

/** Recorded trades of several files and symbols, merged by time; at equal times in the order of the files. */
export async function* recordingSource(
  files: readonly RecordingOptions[],
  onMalformed: (line: MalformedLine) => void,
): AsyncGenerator<Trade> {
  const cursors = files.map(({ symbol, path }) => new Cursor(readTrades(symbol, path, onMalformed)));
  try {
    for (const cursor of cursors) await cursor.refill();
    for (;;) {
      let earliest: Cursor | undefined;
      for (const cursor of cursors) {
        if (cursor.current === undefined) continue;
        if (earliest?.current === undefined || cursor.current.time < earliest.current.time) earliest = cursor;
      }
      if (earliest?.current === undefined) return;
      yield earliest.current;
      const reading = earliest.advance();
      if (reading !== undefined) await reading;
    }
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
}

export const recording: SourceKind = {
  symbols: (files) => [...new Set(files.map(({ symbol }) => symbol))],
  problem: (files) =>
    files.length > 0
      ? undefined
      : "The source is a recording, but no recording is given. Name at least one file under 'recording', or use the source 'simulated'.",
  open: ({ recording: files, resumeAfter, onMalformed }) => {
    const trades = recordingSource(files, onMalformed);
    return resumeAfter === undefined ? trades : skipUntil(trades, resumeAfter);
  },
};
