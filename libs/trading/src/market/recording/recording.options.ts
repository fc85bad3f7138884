/** A file of recorded trades; files of the same symbol are merged. */
export interface RecordingOptions {
  symbol: string;
  path: string;
}
