import { type AlertEvent, createEvent, seededRandom } from '@opensqt/trading-events';
import { evolveAlerts } from '../model/alerts.projection';
import { initialAlerts } from '../model/alerts.state';
import { nextDueAt } from './decide-by-time';
import { NextDue } from './next-due';
import { decisionContext } from '../testing/decisions';

const { settings } = decisionContext();
const notice = { level: 'WARNING', title: '', message: '', timestamp: 0, fields: {} } as const;

function somethingHappens(random: () => number, now: number): AlertEvent {
  const number = Math.floor(random() * 8);
  const reference = { alertId: `a${number}`, fingerprint: `f${number}`, condition: 'c' };
  const until = now + Math.floor(random() * 200);
  const at = { occurredAt: now };
  switch (Math.floor(random() * 6)) {
    case 0:
      return createEvent(
        'alert.raised',
        { ...reference, labels: {}, notice, oneOff: false, escalatesAt: until },
        at,
      );
    case 1:
      return createEvent('alert.resolved', { ...reference, reason: 'cleared', notice }, at);
    case 2:
      return createEvent(
        'alert.suppressed',
        { ...reference, reason: 'quiet_hours', channel: 'chat', until },
        at,
      );
    case 3:
      return createEvent('alert.suppressed', { ...reference, reason: 'grouped', channel: 'chat' }, at);
    case 4:
      return createEvent(
        'silence.created',
        { silenceId: `s${number}`, matchers: {}, until, reason: '', by: '' },
        at,
      );
    default:
      return createEvent('silence.expired', { silenceId: `s${number}` }, at);
  }
}

describe('when something next falls due', () => {
  it('is what a look at everything says, whatever happens', () => {
    const random = seededRandom('due');
    const state = initialAlerts();
    const nextDue = new NextDue(settings);
    const found = { due: 0, not: 0 };
    for (let now = 1_000; now < 6_000; now++) {
      if (random() < 0.05) {
        const event = somethingHappens(random, now);
        evolveAlerts(state, event);
        nextDue.fold(event);
      }
      const expected = nextDueAt(state, settings) <= now;
      expect(nextDue.isDue(state, now)).toBe(expected);
      found[expected ? 'due' : 'not'] += 1;
    }
    expect(Math.min(found.due, found.not)).toBeGreaterThan(100);
  });
});
