import type { LogRecord } from '@opensqt/event-log';
import { Progress } from '@opensqt/configuration/command-line';

/** The progress of a log's replay, of so many events. */
export const replayProgress = (events: number): Progress => new Progress('events replayed', events);

/**
 * The records as they come, with a line about how far they are read.
 *
 * @param to the position of the last one
 */
export async function* withProgress(
  records: AsyncIterable<readonly LogRecord[]>,
  { from = 1, to }: { readonly from?: number | undefined; readonly to: number },
): AsyncGenerator<readonly LogRecord[]> {
  const progress = new Progress('events read', to - from + 1);
  try {
    for await (const chunk of records) {
      yield chunk;
      const last = chunk.at(-1)?.position;
      if (last !== undefined) progress.reach(last - from + 1);
    }
  } finally {
    progress.end();
  }
}
