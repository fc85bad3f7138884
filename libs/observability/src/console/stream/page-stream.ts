import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { recordView } from '../view/record-view';
import type { LogRecord } from '@opensqt/event-log';
import { LogTail } from './log-tail';
import { OverviewService } from './overview.service';

/** A page that listens: an HTTP response that is written to bit by bit. */
export interface Listener {
  write(text: string): unknown;
  end(): unknown;
  /** Bytes that wait to be sent. */
  readonly writableLength: number;
}

/** Pages that may listen at once. */
export const MAX_PAGES = 200;
const TICK_MS = 250;
const HEARTBEAT_MS = 2_000;
/** A page that is so far behind gets nothing until it has caught up; after so many heartbeats it is let go. */
const MAX_WAITING_BYTES = 1_000_000;
const MAX_STUCK = 15;
/** Records in one message: the page shows the newest, and reads others from `events`. */
const MAX_RECORDS = 200;

interface Page {
  readonly listener: Listener;
  /** The last position that was sent, or that it began with. */
  position: number;
  version: string;
  stuck: number;
}

/**
 * Sends what changes to every page that is open. All of them share one look at the state and one text per look; what happens in
 * between is coalesced.
 */
@Injectable()
export class PageStream implements OnModuleDestroy {
  private readonly pages = new Set<Page>();
  private readonly texts = new Map<string, string>();
  private overview: { readonly version: string; readonly text: string } | undefined;
  private ticking: NodeJS.Timeout | undefined;
  private beating: NodeJS.Timeout | undefined;

  constructor(
    private readonly tail: LogTail,
    private readonly overviews: OverviewService,
  ) {}

  onModuleDestroy(): void {
    for (const { listener } of this.pages) listener.end();
    this.pages.clear();
    this.rest();
  }

  /** True where there is no room for another page. */
  get isFull(): boolean {
    return this.pages.size >= MAX_PAGES;
  }

  /**
   * Begins to send.
   *
   * @param after the last position that the page knows; undefined: it begins with now
   * @returns ends it
   */
  open(listener: Listener, after: number | undefined): () => void {
    const page: Page = { listener, position: after ?? this.tail.end, version: '', stuck: 0 };
    this.pages.add(page);
    listener.write('retry: 1000\n\n');
    this.send(page);
    this.ticking ??= setInterval(() => this.tick(), TICK_MS).unref();
    this.beating ??= setInterval(() => this.beat(), HEARTBEAT_MS).unref();
    return () => {
      this.pages.delete(page);
      if (this.pages.size === 0) this.rest();
    };
  }

  private rest(): void {
    clearInterval(this.ticking);
    clearInterval(this.beating);
    this.ticking = this.beating = this.overview = undefined;
    this.texts.clear();
  }

  private tick(): void {
    this.texts.clear();
    for (const page of this.pages) if (!isBehind(page)) this.send(page);
  }

  private beat(): void {
    const data = JSON.stringify({ position: this.tail.position, wallTime: Date.now() });
    for (const page of this.pages) {
      page.stuck = isBehind(page) ? page.stuck + 1 : 0;
      if (page.stuck === 0) page.listener.write(`event: heartbeat\ndata: ${data}\n\n`);
      else if (page.stuck > MAX_STUCK) {
        page.listener.end();
        this.pages.delete(page);
      }
    }
  }

  private send(page: Page): void {
    if (this.tail.isWhole) this.sendRecords(page);
    const { version, text } = this.overviewText();
    if (page.version === version) return;
    page.version = version;
    page.listener.write(`id: ${page.position}\nevent: overview\ndata: ${text}\n\n`);
  }

  private sendRecords(page: Page): void {
    const end = this.tail.position;
    const known = Math.min(page.position, end); // one beyond the end is of a log that was here before
    page.position = end;
    if (known < end) page.listener.write(this.recordsAfter(known));
  }

  private overviewText(): { readonly version: string; readonly text: string } {
    const { version } = this.overviews;
    if (this.overview?.version !== version)
      this.overview = { version, text: JSON.stringify(this.overviews.now()) };
    return this.overview;
  }

  /** The same text for all pages that are as far. */
  private recordsAfter(after: number): string {
    const { position } = this.tail;
    const part = `${after} ${position}`;
    const known = this.texts.get(part);
    if (known !== undefined) return known;
    const records: readonly LogRecord[] =
      this.tail.after(after) ?? this.tail.after(position - MAX_RECORDS) ?? [];
    const shown = records.slice(-MAX_RECORDS).map(recordView);
    const data = { head: position, skipped: position - after - shown.length, records: shown };
    const made = `id: ${position}\nevent: records\ndata: ${JSON.stringify(data)}\n\n`;
    this.texts.set(part, made);
    return made;
  }
}

function isBehind({ listener }: Page): boolean {
  return listener.writableLength > MAX_WAITING_BYTES;
}
