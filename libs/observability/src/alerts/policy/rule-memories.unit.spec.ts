import { AlertLevel, type TradingEvent, createEvent } from '@opensqt/trading-events';
import type { AlertRule, RuleVerdict } from '../rules/alert-rule';
import { Decisions, decisionContext, inShort } from '../testing/decisions';
import { RuleMemories } from './rule-memories';

const START = Date.UTC(2026, 0, 1);
const rejected = (ms: number, symbol = 'A'): TradingEvent =>
  createEvent(
    'order.rejected',
    { symbol, strategy: 'grid', orderId: String(ms), side: 'buy', reason: 'x' },
    { occurredAt: START + ms },
  );

/** Met for a second, 100 ms after each rejection of a symbol. */
function echo(): AlertRule<Readonly<Record<string, number>>> {
  const text = { title: 'Echo', message: '', fields: {} };
  return {
    condition: 'echo',
    handles: ['order.rejected'],
    memory: {
      version: 1,
      initial: () => ({}),
      evolve: (times, event) =>
        'symbol' in event.data ? { ...times, [event.data.symbol]: event.occurredAt } : times,
      due: (times, after) => {
        const due = Object.values(times).flatMap((time) => [time + 100, time + 1_100]);
        return due.filter((time) => time > after).sort((a, b) => a - b)[0];
      },
      decide: (times, now) =>
        Object.entries(times).map(([symbol, time]): RuleVerdict =>
          now >= time + 100 && now < time + 1_100
            ? { verdict: 'raise', labels: { symbol }, level: AlertLevel.Warning, ...text }
            : { verdict: 'resolve', labels: { symbol }, ...text },
        ),
    },
  };
}

const types = (rule: AlertRule, events: readonly TradingEvent[], until: number): readonly string[] => {
  const decisions = new Decisions(decisionContext({ rules: [rule] }));
  const all = events.flatMap((event) => decisions.on(event));
  return [...all, ...decisions.due(START + until)]
    .filter(({ type }) => type.startsWith('alert.'))
    .map((event) => `${event.occurredAt - START} ${event.type}`);
};

describe('a rule with a memory', () => {
  it('is asked at each time that has come, as if nobody had been away meanwhile', () => {
    const expected = ['100 alert.raised', '300 alert.raised', '1100 alert.resolved', '1300 alert.resolved'];
    expect(types(echo(), [rejected(0), rejected(200, 'B')], 60_000)).toEqual(expected);
  });

  it('states again after a restart what it has stated, and nothing is decided again', () => {
    const rules = [echo()];
    const decisions = new Decisions(decisionContext({ rules }));
    decisions.on(rejected(0), rejected(200, 'B'));
    decisions.due(START + 500);
    expect(decisions.state.open.size).toBe(2);

    const { memories } = decisions;
    const written = JSON.stringify(memories.encode(memories.state));
    memories.resume(memories.decode(JSON.parse(written) as ReturnType<typeof memories.encode>));
    memories.rebuild();
    expect(memories.next()).toBe(START + 100);
    expect(decisions.due(START + 500)).toEqual([]);
    expect(memories.next()).toBe(START + 1_100);
  });

  it('is not raised again after a restart where it was resolved by hand', () => {
    const decisions = new Decisions(decisionContext({ rules: [echo()] }));
    decisions.on(rejected(0));
    decisions.due(START + 500);
    for (const { id: alertId, fingerprint, condition } of [...decisions.state.open.values()])
      decisions.stated(
        createEvent(
          'alert.resolved',
          {
            ...{ alertId, fingerprint, condition, reason: 'by hand' },
            notice: { level: AlertLevel.Warning, title: 't', message: '', fields: {}, timestamp: START },
          },
          { occurredAt: START + 600 },
        ),
      );
    decisions.memories.rebuild();
    expect(inShort(decisions.due(START + 700))).not.toContain('alert.raised');
  });

  it('goes back with a clock that was set back', () => {
    const memories = new RuleMemories([echo()]);
    memories.answersTo(1, rejected(0), START);
    memories.answersBy(START + 60_000);
    expect(memories.next()).toBe(Infinity);
    memories.rebuild(START + 50);
    expect(memories.next()).toBe(START + 100);
  });

  it('is folded anew where its version changed', () => {
    const memories = new RuleMemories([echo()]);
    expect(() => memories.decode({ echo: { version: 2, memory: {} } })).toThrow(
      /no memory of echo of version 1/,
    );
    expect(() => memories.decode({})).toThrow(/no memory of echo/);
  });

  const broken = (): never => {
    throw new Error('broken');
  };
  const late = (): Promise<never> => Promise.reject(new Error('broken'));
  it.each([
    ['evolve', 'throws', broken],
    ['decide', 'throws', broken],
    ['due', 'throws', broken],
    ['evolve', 'answers with a promise', late],
    ['decide', 'answers with a promise', late],
    ['due', 'answers with a promise', late],
  ] as const)(
    'whose %s %s is alerted and passed over, and others are asked',
    async (part, _what, failure) => {
      const unhandled = jest.fn();
      process.on('unhandledRejection', unhandled);
      const rule = echo();
      const memory = rule.memory && { ...rule.memory, [part]: failure };
      const failing: AlertRule = { ...rule, condition: 'failing', ...(memory && { memory }) };
      const decisions = new Decisions(decisionContext({ rules: [failing, echo()] }));
      decisions.on(rejected(0));
      decisions.due(START + 500);
      const open = [...decisions.state.open.values()].map(({ condition, labels }) => [
        condition,
        labels['part'],
      ]);
      expect(open).toEqual(
        expect.arrayContaining([
          ['alerting_failing', 'failing'],
          ['echo', undefined],
        ]),
      );
      await new Promise((resolve) => setImmediate(resolve));
      process.off('unhandledRejection', unhandled);
      expect(unhandled).not.toHaveBeenCalled();
    },
  );

  it('that is due at once again is a failure and no endless loop', () => {
    const rule = echo();
    const stuck: AlertRule = { ...rule, memory: { ...new Stuck() } };
    const decisions = new Decisions(decisionContext({ rules: [stuck] }));
    decisions.on(rejected(0));
    expect([...decisions.state.open.values()].map(({ condition }) => condition)).toEqual([
      'alerting_failing',
    ]);
  });
});

class Stuck {
  readonly version = 1;
  readonly initial = (): number => 0;
  readonly evolve = (memory: unknown): unknown => memory;
  readonly due = (_: unknown, after: number): number => after;
  readonly decide = (): readonly RuleVerdict[] => [];
}
