import type { Overview } from '@opensqt/observability/console-api';
import { type ReadonlySignal, batch, computed, signal } from '@preact/signals';
import { LiveStream } from '../api/stream';
import { perFrame } from './frame';

/** The connection to the bot. */
type Connection =
  | { readonly is: 'connecting' }
  | { readonly is: 'live' }
  | { readonly is: 'lost'; readonly since: number; readonly attempts: number; readonly nextAt: number };

export const connection = signal<Connection>({ is: 'connecting' });
/** The newest state that the bot sent; null before the first. */
export const live = signal<Overview | null>(null);
/** The wall clock, each second; it stands still while the tab is hidden. */
export const now = signal(Date.now());
/** The wall clock when the newest state came. */
export const receivedAt = signal(Date.now());

let pending: Overview | null = null;

const flush = perFrame(() => {
  batch(() => {
    live.value = pending;
    receivedAt.value = Date.now();
  });
});

const stream = new LiveStream({
  overview(overview) {
    pending = overview;
    flush();
  },
  sign() {
    if (connection.value.is !== 'live') connection.value = { is: 'live' };
  },
  lost(attempts, nextInMs) {
    const before = connection.value;
    const since = before.is === 'lost' ? before.since : Date.now();
    connection.value = { is: 'lost', since, attempts, nextAt: Date.now() + nextInMs };
  },
});

/** Begins to listen to the bot; again, to try at once. */
export const listen = (): void => stream.connect();

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1_000);

/** The newest position as it is each so many milliseconds; null before the first. */
export function newestEach(ms: number): ReadonlySignal<number | null> {
  const turn = computed(() => (live.value === null ? null : Math.floor(now.value / ms)));
  return computed(() => (turn.value === null ? null : (live.peek()?.position ?? null)));
}

/** The newest position, at most once a second: what is read again when the log has grown goes by it. */
export const newest = newestEach(1_000);
