import { AlertLevel } from '@opensqt/trading-events';
import fc from 'fast-check';
import type { Scenario, ScenarioChannel, ScenarioSettings, Step, Subject } from './scenario';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

const BOTS = ['a', 'b'] as const;
/** Subjects of alerts that can be open. */
const SUBJECTS: readonly [Subject, ...Subject[]] = [
  { condition: 'exchange_disconnected', symbol: 'BTCUSDT' },
  { condition: 'risk_limit', symbol: 'BTCUSDT' },
  { condition: 'exchange_disconnected', symbol: 'ETHUSDT' },
];
/** The subject of one-off alerts. */
const EVENT: Subject = { condition: 'strategy_panic', symbol: 'ETHUSDT' };

const among = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
/** A value of its own or none, once in `often` times; absent rather than undefined. */
const seldom = <K extends string, T>(key: K, value: fc.Arbitrary<T>, often: number) =>
  fc
    .option(value, { nil: undefined, freq: often })
    .map((some) => (some === undefined ? {} : { [key]: some })) as fc.Arbitrary<Partial<Record<K, T>>>;

const bot = among(...BOTS);
const subject = among(...SUBJECTS);
const level = among(
  AlertLevel.Info,
  AlertLevel.Warning,
  AlertLevel.Warning,
  AlertLevel.Error,
  AlertLevel.Critical,
);

/** Half of them round, so that ends fall together; half of them not, so that they follow one another. */
const lasting = (...round: readonly number[]): fc.Arbitrary<number> =>
  fc.oneof(among(...round), fc.integer({ min: SECOND, max: Math.max(...round) }));

const wait = fc
  .oneof(
    { weight: 4, arbitrary: lasting(SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND) },
    { weight: 4, arbitrary: lasting(MINUTE, 2 * MINUTE, 5 * MINUTE, 20 * MINUTE) },
    { weight: 1, arbitrary: lasting(HOUR, 3 * HOUR) },
  )
  .map((ms): Step => ({ step: 'wait', ms }));

const raise: fc.Arbitrary<Step> = fc
  .tuple(
    bot,
    subject,
    level,
    seldom('escalatesAfter', lasting(30 * SECOND, 5 * MINUTE, 20 * MINUTE), 2),
    seldom('causedBy', among(...SUBJECTS, EVENT), 2),
  )
  .map(([bot, subject, level, escalates, cause]) => ({
    step: 'raise',
    bot,
    subject,
    level,
    ...escalates,
    ...cause,
  }));

const happen: fc.Arbitrary<Step> = fc
  .tuple(bot, level, seldom('causedBy', subject, 2))
  .map(([bot, level, cause]) => ({ step: 'raise', bot, subject: EVENT, level, oneOff: true, ...cause }));

const resolve: fc.Arbitrary<Step> = fc
  .tuple(bot, subject)
  .map(([bot, subject]) => ({ step: 'resolve', bot, subject }));

const acknowledge: fc.Arbitrary<Step> = fc
  .tuple(bot, subject, among('ann', 'bob'))
  .map(([bot, subject, by]) => ({ step: 'acknowledge', bot, subject, by }));

const matcher = among(
  'symbol=BTCUSDT',
  'symbol!=BTCUSDT',
  'symbol=~BTC.*|ETH.*',
  'symbol!~B.*T',
  'condition=exchange_disconnected',
  'condition!=risk_limit',
  'condition=~.*_.*',
  'bot=a',
);

const silence: fc.Arbitrary<Step> = fc
  .tuple(
    bot,
    fc.array(matcher, { minLength: 1, maxLength: 2 }),
    fc.oneof(fc.constant(0), lasting(MINUTE, 10 * MINUTE)),
    lasting(MINUTE, 5 * MINUTE, 30 * MINUTE, 3 * HOUR),
  )
  .map(([bot, matchers, startsIn, lasts]) => ({ step: 'silence', bot, matchers, startsIn, lasts }));

const endSilence: fc.Arbitrary<Step> = fc
  .tuple(bot, fc.nat({ max: 3 }))
  .map(([bot, index]) => ({ step: 'end_silence', bot, index }));

const restart: fc.Arbitrary<Step> = fc
  .tuple(bot, fc.oneof(fc.constant(0), lasting(5 * SECOND, 5 * MINUTE, 2 * HOUR)))
  .map(([bot, downFor]) => ({ step: 'restart', bot, downFor }));

const forward = lasting(5 * SECOND, 5 * MINUTE, HOUR).map((ms): Step => ({ step: 'clock', ms }));
const back = lasting(5 * SECOND, 5 * MINUTE, HOUR).map((ms): Step => ({ step: 'clock', ms: -ms }));

/** A condition that comes and goes several times. */
const flapping: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    raise,
    fc.integer({ min: 2, max: 4 }),
    lasting(5 * SECOND, 30 * SECOND),
    lasting(5 * SECOND, 30 * SECOND),
  )
  .map(([up, times, open, over]) => {
    if (up.step !== 'raise') return [];
    const down: Step = { step: 'resolve', bot: up.bot, subject: up.subject };
    return Array.from({ length: times }, (): Step[] => [
      up,
      { step: 'wait', ms: open },
      down,
      { step: 'wait', ms: over },
    ]).flat();
  });

const one = (step: fc.Arbitrary<Step>): fc.Arbitrary<readonly Step[]> => step.map((some) => [some]);

const stepsWith = (clock: fc.Arbitrary<Step>): fc.Arbitrary<readonly Step[]> =>
  fc
    .array(
      fc.oneof(
        { weight: 10, arbitrary: one(wait) },
        { weight: 8, arbitrary: one(raise) },
        { weight: 2, arbitrary: one(happen) },
        { weight: 5, arbitrary: one(resolve) },
        { weight: 3, arbitrary: one(acknowledge) },
        { weight: 3, arbitrary: one(silence) },
        { weight: 1, arbitrary: one(endSilence) },
        { weight: 1, arbitrary: one(restart) },
        { weight: 1, arbitrary: one(clock) },
        { weight: 1, arbitrary: flapping },
      ),
      { minLength: 30, maxLength: 45 },
    )
    .map((parts) => parts.flat());

const settings: fc.Arbitrary<ScenarioSettings> = fc.record({
  repeatInterval: among(3 * MINUTE, HOUR, HOUR, 4 * HOUR),
  burst: fc.integer({ min: 1, max: 4 }),
  groupWindow: among(10 * SECOND, MINUTE, 5 * MINUTE),
  flapping: fc.record({
    changes: fc.integer({ min: 3, max: 6 }),
    window: among(2 * MINUTE, 10 * MINUTE),
    stableFor: among(MINUTE, 5 * MINUTE),
  }),
  incidentGrace: among(10 * SECOND, MINUTE),
});

const quietHours = fc.record({
  from: among('22:00', '23:30', '01:30', '02:00', '02:30'),
  to: among('00:15', '02:15', '03:00', '03:30', '07:00'),
  timeZone: among('Europe/Berlin', 'UTC'),
});

const channel = (name: string): fc.Arbitrary<ScenarioChannel> =>
  fc
    .tuple(
      among(AlertLevel.Info, AlertLevel.Info, AlertLevel.Warning, AlertLevel.Error),
      fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(matcher) }),
      seldom('quietHours', quietHours, 2),
      seldom('unacknowledgedAfter', lasting(MINUTE, 5 * MINUTE), 1),
      fc.boolean(),
    )
    .map(([minLevel, match, quiet, unacknowledged, acknowledgements]) => ({
      name,
      minLevel,
      match,
      ...quiet,
      ...unacknowledged,
      acknowledgements,
    }));

/** The evenings and nights in which quiet hours are: an ordinary one, and those in which Berlin's clocks go forward and back. */
const startAt = fc
  .tuple(
    among(Date.UTC(2026, 5, 1, 20), Date.UTC(2026, 2, 28, 20), Date.UTC(2026, 9, 24, 20)),
    fc.oneof(among(0, HOUR, 2 * HOUR, 4 * HOUR), fc.integer({ min: 0, max: 6 * HOUR })),
  )
  .map(([evening, later]) => evening + later);

const scenarioWith = (clock: fc.Arbitrary<Step>): fc.Arbitrary<Scenario> =>
  fc.record({
    startAt,
    settings,
    channels: fc.tuple(channel('chat'), channel('mail'), channel('pager')),
    steps: stepsWith(clock),
  });

/** Nights of two bots, three subjects (and events that are never open) and three channels, in which windows, silences and quiet hours overlap. */
export const arbitraryScenario: fc.Arbitrary<Scenario> = scenarioWith(forward);

/** The same, in which the clock is also set back. */
export const arbitraryScenarioSetBack: fc.Arbitrary<Scenario> = scenarioWith(fc.oneof(forward, back, back));
