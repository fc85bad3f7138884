import { flag, list, text } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { symbolName } from './symbol-name';

/** Files of real trades. */
export const recordingOptions = list(
  z.strictObject({
    /** The symbol whose trades the file holds. */
    symbol: symbolName,
    /** A file of trades, plain or gzip. A relative path starts from the configuration file's folder. */
    path: text({ allowed: 'the path of a file' }),
    /** Sorts the file's trades by time, in memory; a file that goes back by more than a second is refused otherwise. @default false */
    sort: flag.prefault(false),
  }),
)
  .prefault([])
  .describe(
    'Recorded trades, for `exchange.source: recording`. Files of one symbol are merged by time; a trade that several of them have, by its id, price and quantity, is played once.',
  );

/** A file of recorded trades; files of the same symbol are merged. */
export type RecordedFile = z.output<typeof recordingOptions>[number];
