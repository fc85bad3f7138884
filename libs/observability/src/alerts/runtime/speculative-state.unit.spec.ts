import type { LogRecord } from '@opensqt/event-log';
import { type AlertEvent, type AlertLevel, createEvent } from '@opensqt/trading-events';
import fc from 'fast-check';
import { encodedState } from '../../projections/state-text';
import { alertsProjection } from '../model/alerts.projection';
import { type AlertsState, initialAlerts } from '../model/alerts.state';
import { decideRaise, decideResolve } from '../policy/decide';
import { fingerprintOf } from '../model/fingerprint';
import { SpeculativeState } from './speculative-state';
import { decisionContext } from '../testing/decisions';

const START = 1_700_000_000_000;
const SUBJECTS = ['A', 'B'] as const;
const context = decisionContext();
let ids = 0;
const cause = () => ({ id: `cause-${(ids += 1)}`, occurredAt: START + ids });

function raised(state: AlertsState, title: string, level: AlertLevel = 'WARNING'): readonly AlertEvent[] {
  const verdict = { verdict: 'raise', level, title, message: '', fields: {}, labels: { title } } as const;
  return decideRaise(state, 'manual', verdict, cause(), context);
}

function resolved(state: AlertsState, title: string): readonly AlertEvent[] {
  const words = { title: 'over', message: '', fields: {} };
  return decideResolve(state, fingerprintOf('manual', { title }), words, 'over', cause(), context);
}

function acknowledged(state: AlertsState, title: string, by: string): readonly AlertEvent[] {
  const open = state.open.get(fingerprintOf('manual', { title }));
  if (open === undefined) return [];
  const { id: alertId, fingerprint, condition } = open;
  return [createEvent('alert.acknowledged', { alertId, fingerprint, condition, by })];
}

/** A log that this process and another one write to. */
class SharedLog {
  readonly records: LogRecord[] = [];

  commit(events: readonly AlertEvent[]): void {
    for (const event of events) {
      if (this.records.some((record) => record.event.id === event.id)) continue;
      this.records.push({ position: this.records.length + 1, committedAt: START, event });
    }
  }

  /** What somebody comes to who folds the log. */
  get state(): AlertsState {
    return this.records.reduce(
      (state, { event }) => alertsProjection.evolve(state, event as AlertEvent),
      initialAlerts(),
    );
  }
}

function foreseeing(events: readonly AlertEvent[], speculative: SpeculativeState): readonly AlertEvent[] {
  for (const event of events) speculative.speculate(event);
  return events;
}

const step = fc.record({
  by: fc.constantFrom('holder', 'other', 'log'),
  what: fc.constantFrom('raise', 'raise louder', 'acknowledge', 'resolve'),
  subject: fc.constantFrom(...SUBJECTS),
});

function decisionsOf(
  state: AlertsState,
  { by, what, subject }: { by: string; what: string; subject: string },
) {
  switch (what) {
    case 'acknowledge':
      return acknowledged(state, subject, by);
    case 'resolve':
      return resolved(state, subject);
    default:
      return raised(state, subject, what === 'raise' ? 'WARNING' : 'CRITICAL');
  }
}

describe('what a process foresees that decides while others record too', () => {
  it('is what the log says, whatever order the two get there in, once all has come back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const log = new SharedLog();
        const speculative = new SpeculativeState(initialAlerts(), 0, true);
        const unwritten: (readonly AlertEvent[])[] = [];
        let followed = 0;
        const write = (): void => log.commit(unwritten.shift() ?? []);
        const follow = (): void => {
          for (const record of log.records.slice(followed)) speculative.follow(record);
          followed = log.records.length;
        };
        for (const each of steps) {
          if (each.by === 'holder')
            unwritten.push(foreseeing(decisionsOf(speculative.state, each), speculative));
          else if (each.by === 'other') log.commit(decisionsOf(log.state, each));
          else if (each.what === 'raise') follow();
          else write();
        }
        while (unwritten.length > 0) write();
        follow();
        expect(encodedState(alertsProjection, speculative.state)).toBe(
          encodedState(alertsProjection, log.state),
        );
      }),
    );
  });

  it('holds one open alert when two raise it at the same moment: the one that is first in the log', () => {
    const log = new SharedLog();
    const speculative = new SpeculativeState(initialAlerts(), 0, true);
    const own = foreseeing(raised(speculative.state, 'A'), speculative);
    const others = raised(log.state, 'A');
    log.commit(others);
    log.commit(own);
    for (const record of log.records) speculative.follow(record);
    expect([...speculative.state.open.values()]).toMatchObject([{ id: others[0]?.id, repeats: 1 }]);
  });

  it('keeps an alert open when what another process resolved was the one before it', () => {
    const log = new SharedLog();
    log.commit(raised(log.state, 'A'));
    const late = resolved(log.state, 'A');
    log.commit(resolved(log.state, 'A'));
    log.commit(raised(log.state, 'A'));
    const open = [...log.state.open.values()];
    log.commit(late);
    expect([...log.state.open.values()]).toEqual(open);
    expect(open).toHaveLength(1);
  });

  it('goes without what could not be written', () => {
    const speculative = new SpeculativeState(initialAlerts(), 0, true);
    const events = foreseeing(raised(speculative.state, 'A'), speculative);
    expect(speculative.state.open.size).toBe(1);
    speculative.withdraw(events);
    expect(encodedState(alertsProjection, speculative.state)).toBe(
      encodedState(alertsProjection, initialAlerts()),
    );
  });

  it('does not wait for an event that the log held before and skipped', () => {
    const log = new SharedLog();
    const first = raised(log.state, 'A');
    log.commit(first);
    const speculative = new SpeculativeState(log.state, log.records.length, true);
    const again = acknowledged(log.state, 'A', 'eve');
    log.commit(again);
    for (const record of log.records) speculative.follow(record);
    foreseeing(again, speculative);
    speculative.written(again, log.records.length);
    log.commit(acknowledged(log.state, 'A', 'adam'));
    for (const record of log.records.slice(-1)) speculative.follow(record);
    expect([...speculative.state.open.values()]).toMatchObject([{ acknowledgedBy: 'adam' }]);
  });
});
