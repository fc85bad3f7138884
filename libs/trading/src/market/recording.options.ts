import { list, text } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { symbolName } from './symbol-name';

/** Files of real trades. */
export const recordingOptions = list(
  z.strictObject({
    /** The symbol whose trades the file holds. */
    symbol: symbolName.describe('The symbol whose trades the file holds.'),
    /** A file of trades, plain or gzip. */
    path: text({ allowed: 'the path of a file' }).describe(
      "A file of trades, plain or gzip. A relative path starts from the configuration file's folder.",
    ),
  }),
)
  .prefault([])
  .describe('Recorded trades, for `exchange.source: recording`. Files of one symbol are merged by time.');

/** A file of recorded trades; files of the same symbol are merged. */
export type RecordedFile = z.output<typeof recordingOptions>[number];
