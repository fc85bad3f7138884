import type { Overview } from '@opensqt/observability/console-api';
import { apiUrl } from './client';

/** The reports of a stream. */
interface StreamListener {
  overview(overview: Overview): void;
  /** Something came, if only a heartbeat. */
  sign(): void;
  /** Nothing came for `SILENCE` or the connection broke; the next attempt is in so many milliseconds. */
  lost(attempts: number, nextInMs: number): void;
}

/** Milliseconds without a byte after which the bot counts as silent; its heartbeat comes each two seconds. */
const SILENCE = 5_000;
const BACKOFF = [500, 1_000, 2_000, 4_000, 8_000];

/** Keeps one stream open; after a loss it goes on behind the last position that it saw. */
export class LiveStream {
  private source: EventSource | null = null;
  private lastId = '';
  private attempts = 0;
  private silence = 0;
  private retry = 0;

  constructor(private readonly listener: StreamListener) {}

  /** Connects now, whatever was going on. */
  connect(): void {
    this.close();
    const source = new EventSource(apiUrl('stream', { after: this.lastId }), { withCredentials: true });
    this.source = source;
    source.addEventListener('open', () => this.sign());
    source.addEventListener('error', () => this.fail());
    source.addEventListener('heartbeat', () => this.sign());
    source.addEventListener('overview', (event) => {
      this.sign(event);
      this.listener.overview(JSON.parse(event.data as string) as Overview);
    });
    source.addEventListener('records', (event) => this.sign(event));
    this.silence = window.setTimeout(() => this.fail(), SILENCE);
  }

  private sign(event?: MessageEvent): void {
    if (event?.lastEventId) this.lastId = event.lastEventId;
    this.attempts = 0;
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => this.fail(), SILENCE);
    this.listener.sign();
  }

  private fail(): void {
    this.close();
    const wait = BACKOFF[Math.min(this.attempts, BACKOFF.length - 1)] ?? 8_000;
    this.attempts += 1;
    this.retry = window.setTimeout(() => this.connect(), wait);
    this.listener.lost(this.attempts, wait);
  }

  private close(): void {
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }
}
