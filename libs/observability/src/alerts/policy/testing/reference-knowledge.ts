import type { AlertLevel } from '@opensqt/trading-events';
import { matches } from './reference-clock';
import { rank, worst } from './reference-history';
import type { Scenario, ScenarioChannel, Sent, Step, Subject } from './scenario';

/*
 * The part of alert-delivery.md that holds however the clock is set: who should know what once nothing waits any more, that nothing is late by what the clock
 * was set back, and that no channel is flooded. From the steps alone, and the time that has passed.
 */

const DAY = 86_400_000;

type Raise = Extract<Step, { step: 'raise' }>;
/** A message, with the time that had passed, and the number of times that the clock had been set. */
type Timed = Sent & { readonly elapsed: number; readonly clocks: number };

/** A condition that holds at the end. */
interface Holding {
  readonly bot: string;
  readonly subject: Subject;
  readonly level: AlertLevel;
  /** True where a raise of it named a cause: what flaps goes on as the alert that it was, in the incident that it was part of. */
  readonly wasCaused: boolean;
  readonly wasAcknowledged: boolean;
}

const isSame = (a: Subject, b: Subject): boolean => a.condition === b.condition && a.symbol === b.symbol;

const passed = (step: Step): number =>
  step.step === 'wait' ? step.ms : step.step === 'restart' ? step.downFor : 0;

/** The scenario, gone on with until a noon at which every silence and all quiet hours are over; without repeats, which would be many. */
export function settled(scenario: Scenario): Scenario {
  const end = scenario.steps.reduce(
    (now, step) => now + passed(step) + (step.step === 'clock' ? step.ms : 0),
    scenario.startAt,
  );
  const noon = Math.ceil((end + 3 * DAY) / DAY) * DAY + DAY / 2;
  const settings = { ...scenario.settings, repeatInterval: 7 * DAY };
  return { ...scenario, settings, steps: [...scenario.steps, { step: 'wait', ms: noon - end }] };
}

/** Everything that holds at the end, at the level that it has once it has been old enough for each. */
function holding({ steps }: Scenario): readonly Holding[] {
  const found: Holding[] = [];
  const caused: Raise[] = [];
  for (const step of steps) {
    if (step.step !== 'raise' && step.step !== 'resolve' && step.step !== 'acknowledge') continue;
    const { bot, subject } = step;
    const index = found.findIndex((one) => one.bot === bot && isSame(one.subject, subject));
    const known = found[index];
    if (step.step === 'raise' && step.oneOff !== true) {
      if (known === undefined) {
        const level = step.escalatesAfter === undefined ? step.level : worst([step.level, 'ERROR']);
        if (step.causedBy !== undefined) caused.push(step);
        const wasCaused = caused.some((one) => one.bot === bot && isSame(one.subject, subject));
        found.push({ bot, subject, level, wasCaused, wasAcknowledged: false });
      } else found[index] = { ...known, level: worst([known.level, step.level]) };
    } else if (step.step === 'resolve' && known !== undefined) found.splice(index, 1);
    else if (step.step === 'acknowledge' && known !== undefined)
      found[index] = { ...known, wasAcknowledged: true };
  }
  return found;
}

/** True where the channel must know of it at the end: whatever may go on holding it does not. */
function mustKnow(channel: ScenarioChannel | undefined, one: Holding, others: readonly Holding[]): boolean {
  if (channel === undefined) return true;
  const { bot, subject, level, wasCaused, wasAcknowledged } = one;
  if (rank(level) < rank(channel.minLevel)) return false;
  if (!channel.match.every((matcher) => matches(matcher, bot, subject))) return false;
  if (channel.unacknowledgedAfter !== undefined && (level !== 'CRITICAL' || wasAcknowledged)) return false;
  const mayCover = (other: Holding): boolean =>
    other !== one && other.bot === bot && rank(other.level) >= rank(level) && (wasCaused || other.wasCaused);
  return level === 'CRITICAL' || !others.some(mayCover);
}

/** Channels that do not know what they should at the end of a scenario that has settled, and resolves of what a channel did not know as open. */
export function wronglyKnown(scenario: Scenario, sent: readonly Sent[]): readonly string[] {
  const held = holding(scenario);
  const raises = scenario.steps.filter((step) => step.step === 'raise');
  const wrong: string[] = [];
  for (const channel of [undefined, ...scenario.channels]) {
    for (const { bot, subject, oneOff } of raises) {
      if (oneOff === true) continue;
      const name = channel?.name ?? 'log';
      const about = `${name} of ${bot}: ${subject.condition} ${subject.symbol}`;
      let level: AlertLevel | undefined;
      let mayBeOver = true;
      for (const message of sent) {
        if (message.bot !== bot || message.channel !== name) continue;
        const isNamed = message.digest?.named.some((one) => isSame(one, subject)) === true;
        if (!isNamed && (message.subject === undefined || !isSame(message.subject, subject))) continue;
        if (message.kind === 'resolved' && level === undefined) wrong.push(`${about}: resolved, unknown`);
        level = message.kind === 'resolved' ? undefined : worst([level ?? 'INFO', message.level]);
        mayBeOver = isNamed || message.kind === 'resolved';
      }
      const one = held.find((other) => other.bot === bot && isSame(other.subject, subject));
      if (one === undefined && !mayBeOver) wrong.push(`${about}: not known to be over`);
      if (one === undefined || !mustKnow(channel, one, held)) continue;
      if (level === undefined || rank(level) < rank(one.level)) wrong.push(`${about}: not known`);
    }
  }
  return [...new Set(wrong)];
}

/**
 * Alerts that the log, which nothing is held from, was not sent as an ERROR when they had been open for so long: by the time that has passed, or a whole wait after
 * the clock was set back.
 */
export function stalls({ steps }: Scenario, sent: readonly Timed[]): readonly string[] {
  let elapsed = 0;
  const times = steps.map((step) => (elapsed += passed(step)));
  return steps.flatMap((step, index) => {
    if (step.step !== 'raise' || step.oneOff === true || step.escalatesAfter === undefined) return [];
    const { bot, subject, escalatesAfter } = step;
    const isAbout = (other: Step): boolean =>
      'subject' in other && other.bot === bot && isSame(other.subject, subject);
    const before = steps.slice(0, index).findLast((other) => isAbout(other) && isOpening(other));
    if (before?.step === 'raise') return []; // it was open
    const from = times[index] ?? 0;
    const by = steps.reduce((due, other, at) => {
      const time = times[at] ?? 0;
      if (at < index || time - passed(other) >= due) return due;
      if (other.step === 'clock' && other.ms < 0) return Math.max(due, time + escalatesAfter);
      return other.step === 'restart' && other.bot === bot ? Math.max(due, time) : due;
    }, from + escalatesAfter);
    const end = steps.findIndex((other, at) => at > index && other.step === 'resolve' && isAbout(other));
    if (by > elapsed || (end >= 0 && (times[end] ?? 0) <= by)) return [];
    const isSaid = sent.some(
      (message) =>
        message.bot === bot &&
        message.channel === 'log' &&
        message.subject !== undefined &&
        isSame(message.subject, subject) &&
        rank(message.level) >= rank('ERROR') &&
        message.elapsed >= from &&
        message.elapsed <= by,
    );
    return isSaid ? [] : [`${bot}: ${subject.condition} ${subject.symbol} is no ERROR after ${by}`];
  });
}

const isOpening = (step: Step): boolean =>
  step.step === 'resolve' || (step.step === 'raise' && step.oneOff !== true);

/**
 * Messages beyond the burst of a channel, digests included, between two changes of the clock: neither CRITICAL nor the end of something. What was sent before a
 * change does not count: a clock that is set back makes a digest due at once, though the burst before it is not over.
 */
export function bursts({ settings }: Scenario, sent: readonly Timed[]): readonly Sent[] {
  const counted = sent.filter(
    ({ channel, level, kind }) => channel !== 'log' && level !== 'CRITICAL' && kind !== 'resolved',
  );
  return counted.filter((last) => {
    const within = counted.filter(
      ({ bot, channel, clocks, elapsed }) =>
        bot === last.bot &&
        channel === last.channel &&
        clocks === last.clocks &&
        elapsed <= last.elapsed &&
        elapsed > last.elapsed - settings.groupWindow,
    );
    return within.length > settings.burst;
  });
}
