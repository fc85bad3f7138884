import { AlertLevel, createEvent } from '@opensqt/trading-events';
import { Decisions, decisionContext, inShort } from '../testing/decisions';
import { pipelineRunner } from './testing/pipeline-runner';
import type { Scenario, ScenarioChannel, Step } from './testing/scenario';

const SECOND = 1_000;
const MINUTE = 60_000;
const subject = { condition: 'exchange_disconnected', symbol: 'BTCUSDT' };
const raise = (level: AlertLevel = AlertLevel.Info): Step => ({ step: 'raise', bot: 'a', subject, level });
const wait = (ms: number): Step => ({ step: 'wait', ms });
const resolve: Step = { step: 'resolve', bot: 'a', subject };

const silence: Step = {
  ...{ step: 'silence', bot: 'a', matchers: ['symbol=BTCUSDT'] },
  ...{ startsIn: 0, lasts: 10 * MINUTE },
};
const endSilence: Step = { step: 'end_silence', bot: 'a', index: 0 };

const scenario = (
  ...steps: readonly Step[]
): Scenario & { readonly channels: readonly [ScenarioChannel] } => ({
  startAt: Date.UTC(2026, 5, 1, 12),
  settings: {
    ...{ repeatInterval: 60 * MINUTE, burst: 5, groupWindow: 10 * SECOND, incidentGrace: 10 * SECOND },
    flapping: { changes: 3, window: 2 * MINUTE, stableFor: 5 * MINUTE },
  },
  channels: [{ name: 'chat', minLevel: AlertLevel.Info, match: [], acknowledgements: false }],
  steps,
});

const clock = (ms: number): Step => ({ step: 'clock', ms });

/** The messages to the channel, in order. */
const kindsOf = (...steps: readonly Step[]): readonly string[] =>
  pipelineRunner()(scenario(...steps)).sent.flatMap(({ channel, kind, level }) =>
    channel === 'chat' ? [`${kind} ${level}`] : [],
  );

describe('a condition that flaps while the clock is set back', () => {
  it('is not notified as flapping again with each change', () => {
    expect(
      kindsOf(
        ...[raise(), wait(SECOND), resolve, wait(5 * SECOND), silence, raise()],
        ...[clock(-83 * SECOND), wait(SECOND), endSilence, raise(AlertLevel.Warning)],
        ...[wait(SECOND), raise(AlertLevel.Error), wait(SECOND), raise(AlertLevel.Critical)],
      ),
    ).toEqual([
      'raised INFO',
      'resolved INFO',
      'flapping INFO',
      'escalated WARNING',
      'escalated ERROR',
      'escalated CRITICAL',
    ]);
  });

  it('is notified once when it also changed between the step and the message', () => {
    expect(
      kindsOf(
        ...[raise(), wait(SECOND), resolve, silence, wait(5 * SECOND), raise()],
        ...[clock(-4 * SECOND), wait(SECOND), resolve, endSilence],
        ...[wait(SECOND), raise(AlertLevel.Warning), wait(SECOND), raise(AlertLevel.Error)],
      ),
    ).toEqual(['raised INFO', 'resolved INFO', 'flapping INFO', 'escalated WARNING', 'escalated ERROR']);
  });

  it('is notified again when it flaps again, though the clock has not caught up', () => {
    expect(
      kindsOf(
        ...[raise(), wait(SECOND), resolve, wait(SECOND), raise()],
        ...[clock(-60 * MINUTE), wait(SECOND), resolve, wait(SECOND), raise()],
        ...[wait(6 * MINUTE), resolve, wait(SECOND), raise()],
      ),
    ).toEqual(['raised INFO', 'resolved INFO', 'flapping INFO', 'flapping INFO']);
  });
});

describe('a wait that began after the clock was set back', () => {
  it('is a whole one of a digest, though what is in it has waited since a later time', () => {
    const base = scenario(
      ...[raise(AlertLevel.Warning), wait(SECOND), resolve],
      ...[clock(-MINUTE), raise(AlertLevel.Warning), wait(SECOND), raise(AlertLevel.Error), wait(MINUTE)],
    );
    const quietHours = { from: '12:00', to: '13:00', timeZone: 'UTC' };
    const { sent } = pipelineRunner()({
      ...base,
      settings: { ...base.settings, burst: 1 },
      channels: [{ ...base.channels[0], quietHours }],
    });
    expect(
      sent.flatMap(({ channel, kind, elapsed }) => (channel === 'chat' ? [`${kind} ${elapsed}`] : [])),
    ).toEqual(['flapping 1000', 'digest 12000']);
  });
});

describe('a wait that began later than the clock shows', () => {
  it('is over at once where what flaps held again', () => {
    const again: Step = {
      ...{ step: 'raise', bot: 'a', subject, level: AlertLevel.Info },
      escalatesAfter: MINUTE,
    };
    expect(
      kindsOf(
        ...[raise(), wait(SECOND), resolve, wait(SECOND), raise(), wait(SECOND), resolve],
        ...[wait(5 * SECOND), again, clock(-5 * SECOND)],
      ),
    ).toEqual(['raised INFO', 'resolved INFO', 'flapping INFO', 'escalated ERROR']);
  });
});

const NOON = Date.UTC(2026, 5, 1, 12);
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const breach = (occurredAt: number) =>
  createEvent(
    'risk.limit_breached',
    { scope: 'A', limit: 'max_position', value: '2', threshold: '1', severity: 'warning' },
    { occurredAt },
  );
const cleared = (occurredAt: number) =>
  createEvent('risk.limit_cleared', { scope: 'A', limit: 'max_position' }, { occurredAt });

/** What the channels are sent by a decision at that time, after the clock was set back to it. */
function setBack(decisions: Decisions, now: number): readonly string[] {
  decisions.book.due.rebuild(decisions.state, now);
  return sentBy(decisions, now);
}

function sentBy(decisions: Decisions, now: number): readonly string[] {
  return inShort(decisions.due(now)).filter((line) => line.startsWith('delivery.requested'));
}

describe('a silence that began at once', () => {
  const silenced = createEvent(
    'silence.created',
    { silenceId: 's', matchers: { scope: 'A' }, until: NOON + 2 * HOUR, reason: 'test', by: 'eve' },
    { occurredAt: NOON },
  );

  it('goes on when the clock is set back to before it', () => {
    const decisions = new Decisions(decisionContext({ now: NOON }));
    decisions.stated(silenced);
    decisions.on(breach(NOON + MINUTE));
    expect(setBack(decisions, NOON - HOUR)).toEqual([]);
    expect(sentBy(decisions, NOON + HOUR)).toEqual([]);
    expect(sentBy(decisions, NOON + 2 * HOUR)).toEqual(['delivery.requested raised chat']);
  });

  it('lasts no longer than it was meant to, however far the clock is set back', () => {
    const decisions = new Decisions(decisionContext({ now: NOON }));
    decisions.stated(silenced);
    decisions.on(breach(NOON + MINUTE));
    const back = NOON - 10 * DAY;
    expect(setBack(decisions, back)).toEqual([]);
    expect(sentBy(decisions, back + 2 * HOUR - 1)).toEqual([]);
    expect(sentBy(decisions, back + 2 * HOUR)).toEqual(['delivery.requested raised chat']);
    expect(decisions.state.silences.size).toBe(0);
  });

  it('begins at its own time where it has one', () => {
    const decisions = new Decisions(decisionContext({ now: NOON }));
    const { type, data } = silenced;
    decisions.stated(createEvent(type, { ...data, startsAt: NOON + HOUR }, { occurredAt: NOON }));
    decisions.due(NOON + HOUR);
    decisions.on(breach(NOON + HOUR + MINUTE));
    expect(setBack(decisions, NOON)).toEqual(['delivery.requested raised chat']);
  });
});

describe('an alert that is open when the clock is set back by days', () => {
  const repeats = ['delivery.requested repeated log', 'delivery.requested repeated chat'];

  it('is repeated a whole interval later, and again after each', () => {
    const decisions = new Decisions(decisionContext({ now: NOON }));
    decisions.on(breach(NOON));
    const back = NOON - 10 * DAY;
    expect(setBack(decisions, back)).toEqual([]);
    expect(sentBy(decisions, back + 4 * HOUR - 1)).toEqual([]);
    expect(sentBy(decisions, back + 4 * HOUR)).toEqual(repeats);
    expect(sentBy(decisions, back + 8 * HOUR)).toEqual(repeats);
  });

  it('is not repeated early when the clock is set right again', () => {
    const decisions = new Decisions(decisionContext({ now: NOON }));
    decisions.on(breach(NOON));
    expect(setBack(decisions, NOON - 10 * DAY)).toEqual([]);
    expect(sentBy(decisions, NOON + HOUR)).toEqual([]);
    expect(sentBy(decisions, NOON + 4 * HOUR)).toEqual(repeats);
  });

  it('is repeated though it flapped before', () => {
    const decisions = new Decisions(decisionContext({ now: NOON }));
    for (let n = 0; n < 4; n++) decisions.on(breach(NOON + 2 * n), cleared(NOON + 2 * n + 1));
    decisions.on(breach(NOON + 10));
    const back = NOON - 10 * DAY;
    setBack(decisions, back);
    expect(sentBy(decisions, back + 4 * HOUR)).toEqual(repeats);
  });
});
