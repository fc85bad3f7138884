import type { ComponentHealth } from '../health/component-health';
import { type Vitals, wellnessOf } from './wellness';

const up: ComponentHealth = { status: 'up', reason: 'fine' };

function vitals(given: Partial<Vitals> = {}, alerts: Partial<Vitals['alerts']> = {}): Vitals {
  return {
    components: new Map([
      ['replay', up],
      ['event_log', up],
      ['exchange_paper', up],
    ]),
    replaying: false,
    committedBefore: 10,
    ...given,
    alerts: { state: 'running', decided: 10, failingChannels: [], tradingEnded: [], ...alerts },
  };
}

describe('whether all is well', () => {
  it('is, when everything runs', () => {
    expect(wellnessOf(vitals())).toEqual({ verdict: 'well' });
  });

  it('is, while trading has halted itself and while the log is being tidied', () => {
    const degraded: ComponentHealth = { status: 'degraded', reason: 'circuit breaker global is open' };
    expect(wellnessOf(vitals({ components: new Map([['event_log', degraded]]) })).verdict).toBe('well');
  });

  it.each<[string, Vitals, string]>([
    [
      'a component that trading needs is down',
      vitals({ components: new Map([['event_log', { status: 'down', reason: 'disk full' }]]) }),
      'event_log: disk full',
    ],
    ['alerts do not run', vitals({}, { state: 'failed' }), 'alerts do not run'],
    [
      'alerts are decided on less than what the log had a heartbeat ago',
      vitals({}, { decided: 9 }),
      'alerts are decided up to position 9 of the log only, and it had 10 before',
    ],
    [
      'a channel is not sent to any more',
      vitals({}, { failingChannels: ['slack'] }),
      'nothing is sent through slack any more',
    ],
    [
      'trading has ended',
      vitals({}, { tradingEnded: ['Trading has ended'] }),
      'an open alert says: Trading has ended',
    ],
  ])('is not, when %s', (_, given, reason) => {
    expect(wellnessOf(given)).toEqual({ verdict: 'unwell', reasons: [reason] });
  });

  it('gives every reason', () => {
    const given = vitals({}, { decided: 1, failingChannels: ['slack', 'email'], tradingEnded: ['x'] });
    expect(wellnessOf(given)).toMatchObject({ verdict: 'unwell', reasons: { length: 4 } });
  });

  it('does not ask for decisions where another process makes them', () => {
    expect(wellnessOf(vitals({}, { decided: undefined })).verdict).toBe('well');
  });

  it('waits for a process that is only starting', () => {
    const down = new Map([['replay', { status: 'down', reason: 'replaying' } as const]]);
    expect(wellnessOf(vitals({ replaying: true, components: down })).verdict).toBe('starting');
    expect(wellnessOf(vitals({}, { state: 'starting' })).verdict).toBe('starting');
  });
});
