import type { AlertLevel } from '@opensqt/trading-events';
import type { AlertChannel, AlertNotification } from '../../channels/channel';
import type { Notified, OpenAlert } from '../model/alerts.state';
import { initialAlerts } from '../model/alerts.state';
import { keepRefreshed, knownAlerts } from './refresh';

const alert = (id: string): OpenAlert => ({
  id,
  fingerprint: id,
  condition: 'circuit_breaker_trip',
  labels: { bot: 'mm-1', scope: id },
  level: 'CRITICAL',
  title: `Tripped: ${id}`,
  message: 'Halted.',
  fields: {},
  status: 'open',
  since: 1_000,
  updatedAt: 1_000,
  repeats: 0,
  order: 1,
  levelSince: 1_000,
  holds: true,
  times: 1,
  firstMessage: 'Halted.',
});

const stateWith = (notified: Readonly<Record<string, Partial<Notified>>>) => {
  const state = initialAlerts();
  for (const [id, given] of Object.entries(notified)) {
    state.open.set(id, alert(id));
    const known = {
      kind: 'raised',
      level: 'ERROR',
      at: 1_000,
      outcome: 'delivered',
      messages: 1,
      times: 1,
      ...given,
    } as const;
    const channels = new Map([['alertmanager', known]]);
    state.notifications.set(id, { notified: channels, holds: new Map(), shown: new Map(), pending: 0 });
  }
  return state;
};

const links = { runbooks: () => undefined, timeZone: 'UTC' };

describe('the alerts that are sent again', () => {
  it('are those that the channel knows, at the level that it knows', () => {
    const state = stateWith({
      known: {},
      waiting: { outcome: 'pending' },
      lost: { outcome: 'abandoned' },
      perhaps: { outcome: 'abandoned', mayHaveArrived: true },
      digest: { onlyDigests: true },
    });
    state.open.set('silenced', alert('silenced'));

    const sent = knownAlerts(state, 'alertmanager', links);
    expect(sent.map(({ alertId, level }) => [alertId, level])).toEqual([
      ['known', 'ERROR' satisfies AlertLevel],
      ['perhaps', 'ERROR'],
    ]);
    expect(sent[0]).toMatchObject({
      labels: { bot: 'mm-1' },
      timestamp: new Date(1_000),
      possibleDuplicate: false,
    });
    expect(knownAlerts(state, 'another', links)).toEqual([]);
  });

  it('are sent at once, then each interval, also after a failure, until sending stops', async () => {
    const rounds: (readonly AlertNotification[])[] = [];
    const failures: unknown[] = [];
    const stopping = new AbortController();
    const fourth = new Promise<void>((resolve) => {
      const channel: AlertChannel = {
        name: 'alertmanager',
        send: () => Promise.resolve(),
        refreshEveryMs: 5,
        refresh: (open) => {
          rounds.push(open);
          if (rounds.length === 4) resolve();
          return rounds.length === 2 ? Promise.reject(new Error('no')) : Promise.resolve();
        },
      };
      keepRefreshed(channel, {
        ...links,
        state: () => stateWith({ known: {} }),
        stopping: stopping.signal,
        onFailure: (error) => failures.push(error),
      });
    });
    await fourth;
    stopping.abort();
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(rounds.map((open) => open.length)).toEqual([1, 1, 1, 1]);
    expect(failures).toEqual([new Error('no')]);
  });
});
