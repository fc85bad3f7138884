import { type AlertEvent, createEvent } from '@opensqt/trading-events';
import { initialAlerts } from '../model/alerts.state';
import { decisionContext } from '../testing/decisions';
import { AlertBook } from './alert-book';
import { decideDue, decideRecord } from './decide-record';
import { MAX_OPEN_ALERTS } from './overflow';

const NOON = Date.UTC(2026, 5, 1, 12);

/** A map that counts the entries that are walked over, one after another. */
class WalkedMap<K, V> extends Map<K, V> {
  walked = 0;

  override *entries(): MapIterator<[K, V]> {
    for (const entry of super.entries()) {
      this.walked++;
      yield entry;
    }
  }
  override [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }
  override *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key;
  }
  override *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }
  override forEach(visit: (value: V, key: K, map: Map<K, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}

const breach = (scope: string, occurredAt: number, severity: 'warning' | 'error' = 'warning') =>
  createEvent(
    'risk.limit_breached',
    { scope, limit: 'max_position', value: '2', threshold: '1', severity },
    { occurredAt },
  );
const cleared = (scope: string, occurredAt: number) =>
  createEvent('risk.limit_cleared', { scope, limit: 'max_position' }, { occurredAt });

describe('with as many open alerts as there may be', () => {
  const state = {
    ...initialAlerts(),
    open: new WalkedMap<string, never>(),
    ids: new WalkedMap<string, never>(),
    ended: new WalkedMap<string, never>(),
    notifications: new WalkedMap<string, never>(),
    pending: new WalkedMap<string, never>(),
  };
  const context = decisionContext({ now: NOON });
  const book = new AlertBook(state, context, NOON);
  let position = 0;
  const on = (event: ReturnType<typeof breach | typeof cleared>) => {
    const record = { position: ++position, committedAt: NOON, bot: 'opensqt', writer: 'opensqt', event };
    return decideRecord({ book }, record, { ...context, now: event.occurredAt }).events;
  };
  const walked = (): number =>
    [state.open, state.ids, state.ended, state.notifications, state.pending].reduce(
      (sum, map) => sum + map.walked,
      0,
    );

  beforeAll(() => {
    for (let n = 0; n < MAX_OPEN_ALERTS + 50; n++) on(breach(`S${n}`, NOON));
    expect(book.state.open.size).toBe(MAX_OPEN_ALERTS + 1);
  });

  it.each<[string, () => readonly AlertEvent[], readonly string[]]>([
    ['one more', () => on(breach('another', NOON + 1)), ['alert.suppressed']],
    ['a repeat', () => on(breach('S7', NOON + 2)), ['alert.suppressed']],
    [
      'a higher level',
      () => on(breach('S7', NOON + 3, 'error')),
      ['alert.escalated', 'delivery.requested', 'alert.suppressed'],
    ],
    ['an end', () => on(cleared('S7', NOON + 4)), ['alert.resolved', 'delivery.requested']],
    ['a tick with nothing due', () => decideDue({ book }, { ...context, now: NOON + 5 }).events, []],
    [
      'a tick with a digest due',
      () => decideDue({ book }, { ...context, now: NOON + 120_000 }).events,
      ['delivery.requested'],
    ],
  ])('%s is decided on without a walk over them', (_what, decide, decided) => {
    const before = walked();
    expect([...new Set(decide().map(({ type }) => type))]).toEqual(decided);
    expect(walked() - before).toBe(0);
  });

  it('counts those of each condition, and not the one that counts the others', () => {
    const open = [...book.state.open.values()].filter(({ labels }) => !('overflow' in labels));
    expect([...book.state.conditions]).toEqual([['risk_limit_breach', open.length]]);
    for (const { labels } of open) on(cleared(labels['scope'] ?? '', NOON + 130_000));
    expect(book.state.open.size).toBe(0);
    expect(book.state.conditions.size).toBe(0);
  });

  it('counts one once that two processes raised', () => {
    const [raised] = on(breach('BTCUSDT', NOON + 140_000));
    if (raised?.type !== 'alert.raised') throw new Error('not raised');
    book.fold(raised);
    expect(book.state.conditions.get('risk_limit_breach')).toBe(1);
  });
});
