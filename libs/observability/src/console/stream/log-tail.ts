import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { EventLog, LogRecord, Subscription } from '@opensqt/event-log';
import { EVENT_LOG } from '../../ingest/event-log';
import { EventRecorder } from '../../ingest/event-recorder';
import type { WriterView } from '../api/overview';

/** Records that a page which comes back need not read from the log. */
const KEPT = 1_000;
const MAX_WRITERS = 100;
const RATE_SECONDS = 60;

/** The end of the log, for all pages at once: its last records, the rate at which they come, and the processes that wrote them. */
@Injectable()
export class LogTail implements OnApplicationBootstrap, OnModuleDestroy {
  private records: LogRecord[] = [];
  private readonly writers = new Map<string, WriterView>();
  private readonly perSecond = new Map<number, number>();
  private subscription: Subscription | undefined;
  private closed = false;
  /** The log's end when this began to read it; undefined while the log is replayed. */
  private begun: number | undefined;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly recorder: EventRecorder,
  ) {}

  onApplicationBootstrap(): void {
    void this.recorder.ready().then(
      () => this.start(),
      () => undefined, // health says why
    );
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    await this.subscription?.close();
  }

  /** The last position that came; 0 before the first. */
  get position(): number {
    return this.records.at(-1)?.position ?? 0;
  }

  /** The log's end: the last position that came, once that is known. */
  get end(): number {
    return this.isWhole ? this.position : this.log.status().position;
  }

  /** True once it has reached the log's end: until then nobody can say what follows a position. */
  get isWhole(): boolean {
    return this.begun !== undefined && this.position >= this.begun;
  }

  /** The market time of the newest record. */
  get time(): number | undefined {
    return this.records.at(-1)?.event.occurredAt;
  }

  /** Records per second in the last minute; undefined until one is over. */
  rate(now: number): number {
    const from = Math.floor(now / 1_000) - RATE_SECONDS;
    let count = 0;
    for (const [second, records] of this.perSecond) {
      if (second > from) count += records;
      else this.perSecond.delete(second);
    }
    return count / RATE_SECONDS;
  }

  /** The processes whose records are at the end of the log, the latest first. */
  writersSeen(): readonly WriterView[] {
    return [...this.writers.values()].sort((a, b) => b.last.at - a.last.at);
  }

  /** The records after a position, oldest first; undefined when some of them are not at hand any more. */
  after(position: number): readonly LogRecord[] | undefined {
    const first = this.records[0]?.position;
    if (first === undefined) return [];
    return position < first - 1 ? undefined : this.records.slice(Math.max(0, position - first + 1));
  }

  private start(): void {
    if (this.closed) return;
    this.begun = this.log.status().position;
    const from = Math.max(1, this.begun - KEPT + 1);
    this.subscription = this.log.subscribe(from, (records) => this.take(records), {
      onError: () => undefined, // health says that the log can't be read
    });
  }

  private take(records: readonly LogRecord[]): void {
    for (const record of records) {
      const { bot, writer, position, committedAt, event } = record;
      const key = `${bot}\u0000${writer}`;
      const seen = this.writers.get(key);
      const isThis = bot === this.log.bot && writer === this.log.writer;
      const last = { at: event.occurredAt, position };
      const view = { bot, writer, last, lastWall: committedAt, records: (seen?.records ?? 0) + 1, isThis };
      if (seen !== undefined || this.writers.size < MAX_WRITERS) this.writers.set(key, view);
      const second = Math.floor(committedAt / 1_000);
      this.perSecond.set(second, (this.perSecond.get(second) ?? 0) + 1);
    }
    this.records.push(...records);
    if (this.records.length > 2 * KEPT) this.records = this.records.slice(-KEPT);
    if (this.perSecond.size > 2 * RATE_SECONDS) this.rate(this.records.at(-1)?.committedAt ?? 0);
  }
}
