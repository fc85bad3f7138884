import type { LogRecord } from '@opensqt/event-log';
import { type AnyEvent, type TradingEvent, createEvent } from '@opensqt/trading-events';
import { backtest, compareRules } from './backtest';
import { RunTooLongError } from './run-budget';
import { alertsOptions } from '../../options/alerts.options';
import { resolveFacts } from '../policy/facts';
import { rulesOf } from '../rules/registry';
import { Decisions, decisionContext } from '../testing/decisions';

const START = Date.UTC(2026, 0, 1);
const fill = (price: string, ms: number) =>
  createEvent(
    'order.filled',
    {
      symbol: 'A',
      strategy: 'grid',
      orderId: '1',
      fillId: '1',
      side: 'buy',
      price,
      quantity: '1',
      remaining: '0',
      fee: '0',
      feeAsset: 'USDT',
    },
    { occurredAt: START + ms },
  );
const stream = { exchange: 'paper', stream: 'market' } as const;
const lost = createEvent(
  'exchange.disconnected',
  { ...stream, reason: 'x', reconnecting: true },
  { occurredAt: START },
);
const back = createEvent(
  'exchange.reconnected',
  { ...stream, downtimeMs: 90_000, attempts: 1 },
  { occurredAt: START + 90_000 },
);

/** A log as it would have been written under the default settings. */
async function* logOf(...events: readonly TradingEvent[]): AsyncGenerator<readonly LogRecord[]> {
  const decisions = new Decisions();
  const all: AnyEvent[] = events.flatMap((event) => [event, ...decisions.on(event)]);
  yield all.map((event, index) => ({
    position: index + 1,
    committedAt: 0,
    bot: 'opensqt',
    writer: 'opensqt',
    event,
  }));
}

const policy = decisionContext();
const settings = alertsOptions.parse({});

describe('a backtest', () => {
  it('finds no difference under the settings that were in force', async () => {
    expect(await backtest(logOf(lost, back, fill('20000', 95_000), fill('5', 96_000)), policy)).toEqual([]);
  });

  it('takes a silence as it was, also one that somebody ended early', async () => {
    const decisions = new Decisions();
    const silence = {
      silenceId: 's',
      matchers: { exchange: 'paper' },
      until: START + 9e6,
      reason: 'r',
      by: 'eve',
    };
    const created = createEvent('silence.created', silence, { occurredAt: START - 1 });
    const all: AnyEvent[] = [...decisions.given(created), lost, ...decisions.on(lost)];
    const ended = createEvent(
      'silence.expired',
      { silenceId: 's', by: 'eve' },
      { occurredAt: START + 1_000 },
    );
    all.push(ended, ...decisions.stated(ended));
    all.push(back, ...decisions.on(back));
    async function* log(): AsyncGenerator<readonly LogRecord[]> {
      yield all.map((event, index) => ({
        position: index + 1,
        committedAt: 0,
        bot: 'opensqt',
        writer: 'opensqt',
        event,
      }));
    }
    expect(all.filter(({ type }) => type === 'delivery.requested')).toHaveLength(6);
    expect(await backtest(log(), policy)).toEqual([]);
  });

  it('takes an alert that somebody resolved as over, though its condition never ended', async () => {
    const decisions = new Decisions();
    const all: AnyEvent[] = [lost, ...decisions.on(lost)];
    const [open] = decisions.state.open.values();
    if (open === undefined) throw new Error('nothing is open');
    const end = { words: { ...open, message: 'By hand.' }, reasonGiven: 'resolved by eve', isFinal: true };
    const context = decisionContext({ now: START + 1_000 });
    const cause = { id: 'by hand', occurredAt: START + 1_000 };
    const resolved = resolveFacts(decisions.state, open.fingerprint, end, cause, context, []);
    for (const event of resolved) all.push(event, ...decisions.stated(event));
    const later = fill('5', 24 * 3_600_000);
    all.push(...decisions.due(later.occurredAt), later, ...decisions.on(later));
    async function* log(): AsyncGenerator<readonly LogRecord[]> {
      yield all.map((event, index) => ({
        ...{ position: index + 1, committedAt: 0, bot: 'opensqt', writer: 'opensqt', event },
      }));
    }
    expect(await backtest(log(), policy)).toEqual([]);
  });

  it('finds alerts and messages that would have been new or gone', async () => {
    const lower = { ...settings, largeExecution: { threshold: '5' } };
    expect(
      await backtest(logOf(fill('20000', 0), fill('5', 1)), {
        ...decisionContext({ settings: lower, channels: [{ name: 'log' }], rules: rulesOf(lower) }),
      }),
    ).toEqual([
      { day: '2026-01-01', change: 'new', of: 'alert', words: 'INFO Large execution: A buy 5' },
      {
        day: '2026-01-01',
        change: 'new',
        of: 'message',
        words: 'log: raised, INFO Large execution: A buy 5',
      },
      {
        day: '2026-01-01',
        change: 'gone',
        of: 'message',
        words: 'chat: raised, INFO Large execution: A buy 20,000',
      },
    ]);
  });

  it('finds alerts that would have had another level', async () => {
    const patient = { ...settings, exchangeDisconnect: { persistentAfter: 600_000 } };
    const differences = await backtest(
      logOf(lost, back),
      decisionContext({ settings: patient, rules: rulesOf(patient) }),
    );
    expect(differences.filter(({ of }) => of === 'alert')).toEqual([
      {
        day: '2026-01-01',
        change: 'quieter',
        of: 'alert',
        words: 'Exchange disconnected: paper (market stream): ERROR → WARNING',
      },
    ]);
    expect(
      differences.filter(({ of }) => of === 'message').map(({ change, words }) => `${change} ${words}`),
    ).toEqual([
      'gone log: escalated, ERROR Exchange still disconnected: paper (market stream)',
      'gone chat: escalated, ERROR Exchange still disconnected: paper (market stream)',
    ]);
  });
});

describe('rules that are compared', () => {
  it('differ in what falls due between the last record and the end', async () => {
    const patient = { ...settings, exchangeDisconnect: { persistentAfter: 600_000 } };
    const candidate = decisionContext({ settings: patient, rules: rulesOf(patient) });
    const changesBy = async (until: number) => {
      const { differences } = await compareRules([], logOf(lost), { current: policy, candidate }, until);
      return differences.filter(({ of }) => of === 'alert').map(({ change }) => change);
    };
    expect(await changesBy(START + 1_000)).toEqual([]);
    expect(await changesBy(START + 300_000)).toEqual(['quieter']);
    expect(await changesBy(START + 600_000)).toEqual([]);
  });

  it('are not compared without end, and let others work meanwhile', async () => {
    const hasty = { ...settings, repeatInterval: 1_000 };
    const candidate = decisionContext({ settings: hasty, rules: rulesOf(hasty) });
    let turns = 0;
    const timer = setInterval(() => (turns += 1));
    const run = compareRules([], logOf(lost), { current: policy, candidate }, START + 120 * 86_400_000);
    await expect(run).rejects.toThrow(RunTooLongError);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  }, 60_000);
});
