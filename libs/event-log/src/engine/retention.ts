/** The limits of a log; what is older leaves it. Absent: no limit of that kind. */
export interface Retention {
  /** Milliseconds since an event's commit. */
  readonly maxAge?: number | undefined;
  /** Bytes in use: of the live log's file, or of the events' tables and indexes in a database. */
  readonly maxSize?: number | undefined;
}

/** True when nothing is limited. */
export function isUnlimited({ maxAge, maxSize }: Retention): boolean {
  return maxAge === undefined && maxSize === undefined;
}
