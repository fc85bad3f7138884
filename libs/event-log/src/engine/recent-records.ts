import type { LogRecord } from '../event-log';

/** The last committed records, kept in memory so that a subscriber at the log's end need not read the file. */
export class RecentRecords {
  private records: LogRecord[] = [];

  /** @param kept the least number that is kept, once there were so many */
  constructor(private readonly kept: number) {}

  /** Adds the records of a commit. Those that are kept stay without gaps: if some were missed, it begins anew. */
  add(records: readonly LogRecord[]): void {
    const last = this.records.at(-1);
    if (last !== undefined && records[0] !== undefined && records[0].position !== last.position + 1) {
      this.records = [];
    }
    for (const record of records) this.records.push(record);
    if (this.records.length > this.kept * 2) this.records = this.records.slice(-this.kept);
  }

  /** At most `limit` records from that position on; undefined when that position is not kept. */
  from(position: number, limit: number): readonly LogRecord[] | undefined {
    const first = this.records[0];
    if (first === undefined || position < first.position) return undefined;
    const offset = position - first.position;
    return offset < this.records.length ? this.records.slice(offset, offset + limit) : undefined;
  }
}
