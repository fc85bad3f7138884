import type { LogRecord } from '@opensqt/event-log';
import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { type SoakTraces, auditDeliveries } from './delivery-audit';
import type { Arrival } from './flaky-provider';

const FINGERPRINT = 'strategy_panic{strategy="grid",symbol="S0"}';
const reference = { alertId: 'a1', fingerprint: FINGERPRINT, condition: 'strategy_panic' };
const notice = (number: number) =>
  ({ level: 'CRITICAL', title: 'Panic', message: `level ${number}`, timestamp: 0, fields: {} }) as const;
const ALERT_NUMBER = 1_000_001;
const END_NUMBER = 1_000_002;

function records(events: readonly AnyEvent[]): readonly LogRecord[] {
  return events.map((event, index) => ({
    position: index + 1,
    event,
    committedAt: 0,
    bot: 'opensqt',
    writer: 'opensqt',
  }));
}

function requested(channel: string, kind: 'raised' | 'resolved') {
  const number = kind === 'raised' ? ALERT_NUMBER : END_NUMBER;
  const data = { deliveryId: `${kind}-${channel}`, channel, kind, notice: notice(number), requestedAt: 0 };
  return createEvent('delivery.requested', { ...data, alertId: 'a1', fingerprint: FINGERPRINT });
}

function delivered(channel: string, kind: 'raised' | 'resolved') {
  const data = { deliveryId: `${kind}-${channel}`, alertId: 'a1', channel, attempt: 1, latencyMs: 1 };
  return createEvent('delivery.succeeded', data);
}

const CHANNELS = ['log', 'slack', 'telegram', 'webhook', 'email', 'alertmanager', 'pagerduty'];
const panic = createEvent('strategy.panicked', {
  symbol: 'S0',
  strategy: 'grid',
  error: { name: 'E', message: `level ${ALERT_NUMBER}` },
});
const raised = createEvent(
  'alert.raised',
  { ...reference, labels: {}, notice: notice(ALERT_NUMBER), oneOff: false },
  { causationId: panic.id },
);

const arrival = (provider: Arrival['provider'], body: string): Arrival => ({
  provider,
  body,
  idempotencyKey: undefined,
  messageId: 0,
  accepted: true,
});
const triggers = [
  arrival('slack', `CRITICAL level ${ALERT_NUMBER}`),
  arrival('telegram', `CRITICAL level ${ALERT_NUMBER}`),
  arrival('webhook', `{"kind":"raised","message":"level ${ALERT_NUMBER}"}`),
  arrival('email', `CRITICAL level ${ALERT_NUMBER}`),
  arrival('pagerduty', `{"event_action":"trigger","dedup_key":"k1","summary":"level ${ALERT_NUMBER}"}`),
];
const resolves = [
  arrival('slack', `RESOLVED · level ${END_NUMBER}`),
  arrival('telegram', `RESOLVED · level ${END_NUMBER}`),
  arrival('webhook', `{"kind":"resolved","message":"level ${END_NUMBER}"}`),
  arrival('email', `RESOLVED · level ${END_NUMBER}`),
  arrival('pagerduty', '{"event_action":"resolve","dedup_key":"k1"}'),
];

function traces(given: Partial<SoakTraces> = {}): SoakTraces {
  const sent = (kind: 'raised' | 'resolved') =>
    CHANNELS.flatMap((channel) => [requested(channel, kind), delivered(channel, kind)]);
  const events = [panic, raised, ...sent('raised'), ...sent('resolved')];
  return {
    records: records(events),
    arrivals: [...triggers, ...resolves],
    shown: [{ labels: { alertname: 'strategy_panic', severity: 'critical', bot: 'opensqt' } }],
    printed: 'alert a1',
    stored: '',
    ...given,
  };
}

async function faultsOf(given: Partial<SoakTraces>): Promise<readonly string[]> {
  const { faults } = await auditDeliveries(traces(given));
  return Object.entries(faults).flatMap(([fault, cases]) => cases.map(() => fault));
}

describe('the audit that the soak rests on', () => {
  it('finds nothing wrong where nothing is', async () => {
    expect(await faultsOf({})).toEqual([]);
  });

  it('finds a message that never arrived, or that the provider said it did not take', async () => {
    expect(await faultsOf({ arrivals: [...triggers, ...resolves.slice(1)] })).toEqual(['lost']);
    const [first, ...rest] = resolves;
    const refused = first === undefined ? [] : [{ ...first, accepted: false }];
    expect(await faultsOf({ arrivals: [...triggers, ...refused, ...rest] })).toEqual(['lost']);
  });

  describe('of a dead letter of which the provider left two attempts open', () => {
    const attempt = { deliveryId: 'raised-pagerduty', alertId: 'a1', channel: 'pagerduty', detail: 'reset' };
    const failed = { ...attempt, attempt: 1, outcome: 'ambiguous', nextAttemptAt: 0 } as const;
    const leftOpen = createEvent('delivery.failed', failed);
    const givenUp = createEvent('delivery.abandoned', { ...attempt, attempt: 2, reason: 'ambiguous' });
    const endingWith = (...ends: readonly AnyEvent[]) => {
      const all = traces().records.map(({ event }) => event);
      const end = all.findIndex(
        ({ type, data }) =>
          type === 'delivery.succeeded' && 'deliveryId' in data && data.deliveryId === 'raised-pagerduty',
      );
      return traces({
        records: records(all.toSpliced(end, 1, ...ends)),
        arrivals: [...triggers.slice(0, -1), ...resolves],
      });
    };

    it('counts it apart where another receiver got the same, and its resolve is in order', async () => {
      expect(await faultsOf(endingWith(leftOpen, givenUp))).toEqual([]);
      expect((await auditDeliveries(endingWith(leftOpen, givenUp))).deadLetters).toBe(1);
    });

    it('finds that nobody was told of it', async () => {
      const { records: all } = endingWith(leftOpen, givenUp);
      expect(await faultsOf({ records: all, arrivals: resolves })).toContain('untold');
      const elsewhere = arrival('slack', `CRITICAL level ${ALERT_NUMBER}`);
      expect(await faultsOf({ records: all, arrivals: [elsewhere, ...resolves] })).not.toContain('untold');
    });

    it('finds it lost after one attempt, and after one that the process cut short', async () => {
      const cut = createEvent('delivery.failed', { ...failed, interrupted: true });
      for (const ends of [[givenUp], [cut, givenUp]])
        expect(await faultsOf(endingWith(...ends))).toEqual(['lost', 'lost', 'unknown']);
    });
  });

  it('counts a message apart that waited for a minute while its alert ended, and finds it lost otherwise', async () => {
    const gaveUp = (kind: string, reason: 'superseded' | 'trigger_not_delivered') => {
      const data = { deliveryId: `${kind}-slack`, alertId: 'a1', channel: 'slack', attempt: 0, detail: '' };
      return createEvent('delivery.abandoned', { ...data, reason });
    };
    const events = traces()
      .records.map(({ event }) => event)
      .filter((event) => event.type !== 'delivery.succeeded' || event.data.channel !== 'slack');
    events.push(gaveUp('raised', 'superseded'), gaveUp('resolved', 'trigger_not_delivered'));
    const arrivals = [...triggers, ...resolves].filter(({ provider }) => provider !== 'slack');
    const after = (committedAt: number) =>
      traces({ records: records(events).map((record) => ({ ...record, committedAt })), arrivals });
    expect(await faultsOf(after(60_000))).toEqual([]);
    expect((await auditDeliveries(after(60_000))).overtaken).toBe(1);
    expect(await faultsOf(after(59_999))).toEqual(['lost']);
  });

  it('finds a message that came again unmarked, and accepts a mark or the same key', async () => {
    const again = (...more: readonly Arrival[]) =>
      faultsOf({ arrivals: [...triggers, ...more, ...resolves] });
    expect(await again(arrival('slack', `CRITICAL level ${ALERT_NUMBER}`))).toEqual(['unmarked']);
    expect(await again(arrival('slack', `CRITICAL level ${ALERT_NUMBER}, possible duplicate`))).toEqual([]);
    expect(await again(...triggers.slice(-1))).toEqual([]);
  });

  it('finds a resolve before its trigger, and a trigger after its resolve', async () => {
    const [resolve, ...others] = resolves;
    const [trigger, ...rest] = triggers;
    if (resolve === undefined || trigger === undefined) throw new Error('there are five of each');
    expect(await faultsOf({ arrivals: [resolve, trigger, ...rest, ...others] })).toEqual([
      'disordered',
      'disordered',
    ]);
    const late = arrival('slack', `CRITICAL level ${ALERT_NUMBER}, possible duplicate`);
    expect(await faultsOf({ arrivals: [...triggers, ...resolves, late] })).toEqual(['disordered']);
  });

  it('finds an alert that nothing was decided on for a channel, without a cause, or without an end', async () => {
    const { records: all } = traces();
    const without = (type: string, channel: string) =>
      all.filter(
        ({ event }) => !(event.type === type && 'channel' in event.data && event.data.channel === channel),
      );
    const silent = all.filter(({ event }) => !('channel' in event.data && event.data.channel === 'log'));
    expect(await faultsOf({ records: silent })).toEqual(['undecided']);
    expect(await faultsOf({ records: all.slice(1) })).toEqual(['unexplained']);
    const endless = await faultsOf({ records: without('delivery.succeeded', 'slack') });
    expect(endless).toEqual(['lost', 'lost', 'unexplained']);
  });

  it('finds an open alert that Alertmanager does not show, and one that it shows and that is not open', async () => {
    expect(await faultsOf({ shown: [] })).toEqual(['stray']);
    const others = { labels: { alertname: 'strategy_panic', severity: 'critical', bot: 'another' } };
    expect(await faultsOf({ shown: [...traces().shown, others] })).toEqual(['stray']);
  });

  it('finds what was not printed, what the log does not know, and secrets', async () => {
    expect(await faultsOf({ printed: '' })).toEqual(['unprinted', 'unprinted']);
    const strange = arrival('slack', 'CRITICAL level 9999999');
    expect(await faultsOf({ arrivals: [...triggers, ...resolves, strange] })).toEqual(['unknown']);
    expect(await faultsOf({ stored: 'AAtoken-that-nobody-sees' })).toEqual(['secrets']);
  });
});
