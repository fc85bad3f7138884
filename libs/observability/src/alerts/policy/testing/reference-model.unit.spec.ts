import fc from 'fast-check';
import { arbitraryScenario } from './arbitrary-scenario';
import { pipelineRunner } from './pipeline-runner';
import { referenceModel } from './reference-model';
import type { Scenario, ScenarioChannel, ScenarioSettings, Sent, Step, Subject } from './scenario';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

const BTC: Subject = { condition: 'exchange_disconnected', symbol: 'BTCUSDT' };
const ETH: Subject = { condition: 'exchange_disconnected', symbol: 'ETHUSDT' };
const LOSS: Subject = { condition: 'risk_limit', symbol: 'BTCUSDT' };
const PANIC: Subject = { condition: 'panic', symbol: 'BTCUSDT' };

const settings: ScenarioSettings = {
  repeatInterval: 4 * HOUR,
  burst: 5,
  groupWindow: MINUTE,
  flapping: { changes: 4, window: 10 * MINUTE, stableFor: 5 * MINUTE },
  incidentGrace: 10 * SECOND,
};

const chat: ScenarioChannel = { name: 'chat', minLevel: 'INFO', match: [], acknowledgements: false };
const pager: ScenarioChannel = { ...chat, name: 'pager', unacknowledgedAfter: 5 * MINUTE };
/** Noon in UTC, so that 22:00 is ten hours away. */
const NOON = Date.UTC(2026, 5, 1, 12);
const night = { from: '22:00', to: '07:00', timeZone: 'UTC' };
const quiet: ScenarioChannel = { ...chat, quietHours: night };

type Raise = Extract<Step, { step: 'raise' }>;
const raise = (subject: Subject, level: Raise['level'], more: Partial<Raise> = {}): Step => ({
  step: 'raise',
  bot: 'a',
  subject,
  level,
  ...more,
});
const oneOff = (subject: Subject, level: Raise['level'], more: Partial<Raise> = {}): Step =>
  raise(subject, level, { ...more, oneOff: true });
const resolve = (subject: Subject, bot = 'a'): Step => ({ step: 'resolve', bot, subject });
const acknowledge = (subject: Subject): Step => ({ step: 'acknowledge', bot: 'a', subject, by: 'ann' });
const silence = (lasts: number, matchers: readonly string[] = ['symbol=BTCUSDT'], startsIn = 0): Step => ({
  step: 'silence',
  bot: 'a',
  matchers,
  startsIn,
  lasts,
});
const wait = (ms: number): Step => ({ step: 'wait', ms });
const restart = (downFor: number): Step => ({ step: 'restart', bot: 'a', downFor });

const clockTime = (ms: number): string => {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.floor(ms / HOUR))}:${two(Math.floor(ms / MINUTE) % 60)}:${two(Math.floor(ms / SECOND) % 60)}`;
};

/** A message in short: time since the beginning, channel unless it is `chat`, kind, level, subject. */
function inShort({ at, channel, kind, level, subject, digest }: Sent, startAt: number): string {
  const named = digest?.named.map(({ symbol }) => symbol).join(' ');
  const names: Record<string, string> = { exchange_disconnected: '', risk_limit: ' loss', panic: ' panic' };
  const about = digest
    ? `[${named}] +${digest.others}`
    : `${subject?.symbol}${names[subject?.condition ?? ''] ?? ''}`;
  return [clockTime(at - startAt), ...(channel === 'chat' ? [] : [channel]), kind, level, about].join(' ');
}

interface Row {
  readonly channels?: readonly ScenarioChannel[];
  readonly settings?: Partial<ScenarioSettings>;
  readonly startAt?: number;
  readonly steps: readonly Step[];
  /** Without those of the log. */
  readonly sent: readonly string[];
  readonly held?: readonly string[];
}

const scenarioOf = (row: Row): Scenario => ({
  startAt: row.startAt ?? NOON,
  settings: { ...settings, ...row.settings },
  channels: row.channels ?? [chat],
  steps: row.steps,
});

/** By bot and channel, since the order between them means nothing. */
const inShortByChannel = (sent: readonly Sent[], { startAt }: Scenario): readonly string[] =>
  sent.map((message) => `${message.bot} ${message.channel}: ${inShort(message, startAt)}`).sort();

/** Both the reference model and the pipeline send these messages. */
function expectRow(row: Row): void {
  const scenario = scenarioOf(row);
  const { sent, held } = referenceModel(scenario);
  const messages = sent.filter(({ channel }) => channel !== 'log');
  expect(messages.map((message) => inShort(message, scenario.startAt))).toEqual(row.sent);
  expect(inShortByChannel(pipelineRunner()(scenario).sent, scenario)).toEqual(
    inShortByChannel(sent, scenario),
  );
  if (!row.held) return;
  expect(
    held.map(
      ({ channel, subject, reason, until }) =>
        `${channel} ${subject.symbol} ${reason}${until === undefined ? '' : ` until ${clockTime(until - scenario.startAt)}`}`,
    ),
  ).toEqual(row.held);
}

const table = (rows: Readonly<Record<string, Row>>): void => {
  it.each(Object.entries(rows))('%s', (_name, row) => expectRow(row));
};

/** Raise and resolve of a subject, `times` times, `down` open and `up` resolved each. */
const flaps = (
  times: number,
  down: number,
  up: number,
  level: Raise['level'],
  more: Partial<Raise> = {},
): Step[] =>
  Array.from({ length: times }, () => [raise(BTC, level, more), wait(down), resolve(BTC), wait(up)]).flat();

const many = (count: number, level: Raise['level']): Step[] =>
  Array.from({ length: count }, (_, index) =>
    raise({ condition: 'stale_price', symbol: `S${index + 1}` }, level),
  );

/** The raises of what is open at the end. */
const stillOpen = (steps: readonly Step[]): readonly Raise[] =>
  steps.filter((step, index): step is Raise => {
    if (step.step !== 'raise' || step.oneOff) return false;
    const isResolve = (later: Step): boolean =>
      later.step === 'resolve' && later.bot === step.bot && later.subject === step.subject;
    return !steps.slice(index + 1).some(isResolve);
  });

describe('the reference model of notifications', () => {
  describe('of alerts', () => {
    table({
      'sends a raise and a resolve once each': {
        steps: [raise(BTC, 'WARNING'), raise(BTC, 'WARNING'), wait(MINUTE), resolve(BTC), resolve(BTC)],
        sent: ['00:00:00 raised WARNING BTCUSDT', '00:01:00 resolved WARNING BTCUSDT'],
        held: [],
      },
      'sends an escalation when a raise states a higher level, and ignores a lower one': {
        steps: [raise(BTC, 'WARNING'), raise(BTC, 'ERROR'), raise(BTC, 'INFO'), wait(1), resolve(BTC)],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:00 escalated ERROR BTCUSDT',
          '00:00:00 resolved ERROR BTCUSDT',
        ],
      },
      'escalates to ERROR after its time, before a resolve at the same moment': {
        steps: [raise(BTC, 'WARNING', { escalatesAfter: MINUTE }), wait(MINUTE), resolve(BTC)],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:01:00 escalated ERROR BTCUSDT',
          '00:01:00 resolved ERROR BTCUSDT',
        ],
      },
      'does not escalate what is resolved or higher': {
        steps: [
          raise(BTC, 'WARNING', { escalatesAfter: MINUTE }),
          raise(ETH, 'CRITICAL', { escalatesAfter: MINUTE }),
          wait(MINUTE - 1),
          resolve(BTC),
          wait(HOUR),
        ],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:00 raised CRITICAL ETHUSDT',
          '00:00:59 resolved WARNING BTCUSDT',
        ],
      },
      'sends a one-off once each time, and never resolves, acknowledges or repeats it': {
        steps: [
          oneOff(PANIC, 'ERROR'),
          acknowledge(PANIC),
          resolve(PANIC),
          wait(9 * HOUR),
          oneOff(PANIC, 'ERROR'),
        ],
        sent: ['00:00:00 raised ERROR BTCUSDT panic', '09:00:00 raised ERROR BTCUSDT panic'],
        held: [],
      },
    });
  });

  describe('of repeats', () => {
    table({
      'repeats what stays open, though nothing states it again': {
        steps: [raise(BTC, 'WARNING'), wait(9 * HOUR)],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '04:00:00 repeated WARNING BTCUSDT',
          '08:00:00 repeated WARNING BTCUSDT',
        ],
      },
      'counts the interval from the last message': {
        steps: [raise(BTC, 'WARNING'), wait(3 * HOUR), raise(BTC, 'ERROR'), wait(4 * HOUR)],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '03:00:00 escalated ERROR BTCUSDT',
          '07:00:00 repeated ERROR BTCUSDT',
        ],
      },
      'repeats once after a restart, however long it took': {
        steps: [raise(BTC, 'WARNING'), wait(HOUR), restart(12 * HOUR), wait(4 * HOUR)],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '13:00:00 repeated WARNING BTCUSDT',
          '17:00:00 repeated WARNING BTCUSDT',
        ],
      },
      'repeats at the end of a silence what fell due during it': {
        steps: [raise(BTC, 'WARNING'), wait(HOUR), silence(4 * HOUR), wait(5 * HOUR)],
        sent: ['00:00:00 raised WARNING BTCUSDT', '05:00:00 repeated WARNING BTCUSDT'],
      },
    });
  });

  describe('of restarts', () => {
    table({
      'sends an escalation that fell due during a downtime once, on restart': {
        steps: [raise(BTC, 'WARNING', { escalatesAfter: MINUTE }), restart(HOUR), wait(HOUR), restart(0)],
        sent: ['00:00:00 raised WARNING BTCUSDT', '01:00:00 escalated ERROR BTCUSDT'],
      },
      'sends what fell due during a downtime on restart, the worst first': {
        steps: [
          raise(BTC, 'WARNING', { escalatesAfter: 3 * MINUTE }),
          raise(ETH, 'WARNING', { escalatesAfter: 2 * MINUTE }),
          silence(MINUTE, ['condition=risk_limit']),
          raise(LOSS, 'WARNING'),
          restart(HOUR),
        ],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:00 raised WARNING ETHUSDT',
          '01:00:00 escalated ERROR BTCUSDT',
          '01:00:00 escalated ERROR ETHUSDT',
          '01:00:00 raised WARNING BTCUSDT loss',
        ],
      },
      'passes over a silence and quiet hours that were over before the restart': {
        channels: [quiet],
        startAt: NOON + 9 * HOUR,
        steps: [silence(2 * HOUR), raise(BTC, 'WARNING'), restart(11 * HOUR)],
        sent: ['11:00:00 raised WARNING BTCUSDT'],
      },
    });
  });

  describe('of silences', () => {
    table({
      'sends the resolve of what was notified before it was silenced': {
        steps: [
          raise(BTC, 'WARNING'),
          wait(MINUTE),
          silence(HOUR),
          wait(MINUTE),
          resolve(BTC),
          wait(2 * HOUR),
        ],
        sent: ['00:00:00 raised WARNING BTCUSDT', '00:02:00 resolved WARNING BTCUSDT'],
      },
      'notifies once, when the silence ends, what still fires': {
        steps: [silence(HOUR), raise(BTC, 'WARNING'), wait(2 * HOUR)],
        sent: ['01:00:00 raised WARNING BTCUSDT'],
      },
      'never notifies what was raised and resolved while silenced': {
        steps: [
          silence(HOUR),
          raise(BTC, 'WARNING'),
          wait(MINUTE),
          resolve(BTC),
          oneOff(PANIC, 'ERROR'),
          wait(HOUR),
        ],
        sent: [],
        held: [],
      },
      'sends an escalation during a silence once, at its end, at the higher level': {
        steps: [
          raise(BTC, 'WARNING', { escalatesAfter: 5 * MINUTE }),
          wait(MINUTE),
          silence(HOUR),
          wait(2 * HOUR),
        ],
        sent: ['00:00:00 raised WARNING BTCUSDT', '01:01:00 escalated ERROR BTCUSDT'],
      },
      'raises at the higher level what escalated while it was silenced from the start': {
        steps: [silence(HOUR), raise(BTC, 'WARNING', { escalatesAfter: 5 * MINUTE }), wait(2 * HOUR)],
        sent: ['01:00:00 raised ERROR BTCUSDT'],
      },
      'holds CRITICAL, too': {
        steps: [silence(HOUR), raise(BTC, 'CRITICAL'), wait(30 * MINUTE)],
        sent: [],
        held: ['chat BTCUSDT silence until 01:00:00'],
      },
      'begins a silence when it starts and ends it early when it is ended': {
        steps: [
          silence(HOUR, ['symbol=~BTC.*'], MINUTE),
          raise(BTC, 'WARNING'),
          wait(MINUTE),
          raise(LOSS, 'WARNING'),
          wait(MINUTE),
          { step: 'end_silence', bot: 'a', index: 0 },
        ],
        sent: ['00:00:00 raised WARNING BTCUSDT', '00:02:00 raised WARNING BTCUSDT loss'],
      },
      'holds until the last of overlapping silences is over': {
        steps: [
          silence(HOUR),
          silence(HOUR, ['condition=~exch.*', 'bot=a'], 30 * MINUTE),
          raise(BTC, 'ERROR'),
          wait(2 * HOUR),
        ],
        sent: ['01:30:00 raised ERROR BTCUSDT'],
      },
      'silences only what all matchers match, each anchored': {
        steps: [
          silence(HOUR, ['symbol=~BTC', 'condition!=panic']),
          silence(HOUR, ['symbol!~BTC.*', 'condition=risk_limit']),
          raise(BTC, 'WARNING'),
        ],
        sent: ['00:00:00 raised WARNING BTCUSDT'],
      },
    });
  });

  describe('of routes', () => {
    table({
      'sends a channel only what it matches, at its level or above, CRITICAL included': {
        channels: [
          { ...chat, minLevel: 'ERROR' },
          { ...chat, name: 'eth', match: ['symbol=ETHUSDT'] },
        ],
        steps: [raise(BTC, 'CRITICAL'), raise(ETH, 'WARNING'), wait(1)],
        sent: ['00:00:00 raised CRITICAL BTCUSDT', '00:00:00 eth raised WARNING ETHUSDT'],
        held: ['chat ETHUSDT min_level', 'eth BTCUSDT match'],
      },
      'raises what reaches the level of the channel by an escalation': {
        channels: [{ ...chat, minLevel: 'ERROR' }],
        steps: [raise(BTC, 'WARNING', { escalatesAfter: MINUTE }), wait(MINUTE), resolve(BTC)],
        sent: ['00:01:00 raised ERROR BTCUSDT', '00:01:00 resolved ERROR BTCUSDT'],
      },
    });
  });

  describe('of acknowledgements', () => {
    const notifying: ScenarioChannel = { ...chat, acknowledgements: true };
    table({
      'does not repeat what is acknowledged': {
        steps: [raise(BTC, 'WARNING'), acknowledge(BTC), wait(9 * HOUR)],
        sent: ['00:00:00 raised WARNING BTCUSDT'],
        held: [],
      },
      'sends an escalation of what was acknowledged, which is not acknowledged any more': {
        steps: [raise(BTC, 'WARNING'), acknowledge(BTC), wait(HOUR), raise(BTC, 'ERROR'), wait(4 * HOUR)],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '01:00:00 escalated ERROR BTCUSDT',
          '05:00:00 repeated ERROR BTCUSDT',
        ],
      },
      'sends an acknowledgement to channels that asked for it, once': {
        channels: [chat, { ...notifying, name: 'team' }],
        steps: [raise(BTC, 'WARNING'), wait(MINUTE), acknowledge(BTC), acknowledge(BTC), wait(9 * HOUR)],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:00 team raised WARNING BTCUSDT',
          '00:01:00 team acknowledged WARNING BTCUSDT',
        ],
      },
      'does not send the acknowledgement of what the channel does not know': {
        channels: [notifying],
        steps: [silence(HOUR), raise(BTC, 'WARNING'), acknowledge(BTC), wait(2 * HOUR)],
        sent: ['01:00:00 raised WARNING BTCUSDT'],
      },
      'sends an acknowledgement from quiet hours at their end, if it is still in force': {
        channels: [{ ...notifying, quietHours: night }],
        startAt: NOON + 9 * HOUR,
        steps: [
          raise(BTC, 'WARNING'),
          raise(ETH, 'WARNING'),
          wait(2 * HOUR),
          acknowledge(BTC),
          acknowledge(ETH),
          resolve(ETH),
          wait(9 * HOUR),
        ],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:00 raised WARNING ETHUSDT',
          '10:00:00 resolved WARNING ETHUSDT',
          '10:00:00 acknowledged WARNING BTCUSDT',
        ],
      },
      'passes CRITICAL on to unacknowledged_after only when nobody acknowledged it for that long': {
        channels: [chat, pager],
        steps: [
          raise(BTC, 'CRITICAL'),
          raise(ETH, 'CRITICAL'),
          wait(MINUTE),
          acknowledge(ETH),
          wait(HOUR),
          resolve(BTC),
          resolve(ETH),
        ],
        sent: [
          '00:00:00 raised CRITICAL BTCUSDT',
          '00:00:00 raised CRITICAL ETHUSDT',
          '00:05:00 pager raised CRITICAL BTCUSDT',
          '01:01:00 resolved CRITICAL BTCUSDT',
          '01:01:00 pager resolved CRITICAL BTCUSDT',
          '01:01:00 resolved CRITICAL ETHUSDT',
        ],
      },
      'counts unacknowledged_after anew from the escalation that ended an acknowledgement': {
        channels: [pager],
        steps: [
          raise(BTC, 'WARNING'),
          wait(MINUTE),
          acknowledge(BTC),
          wait(HOUR),
          raise(BTC, 'CRITICAL'),
          wait(MINUTE),
        ],
        sent: [],
        held: ['pager BTCUSDT acknowledged until 01:06:00'],
      },
      'does not pass on what was resolved, silenced or acknowledged in time, nor a one-off': {
        channels: [pager],
        steps: [
          raise(BTC, 'CRITICAL'),
          wait(4 * MINUTE),
          resolve(BTC),
          raise(ETH, 'CRITICAL'),
          silence(HOUR, ['symbol=ETHUSDT']),
          oneOff(PANIC, 'CRITICAL'),
          raise(LOSS, 'CRITICAL'),
          wait(5 * MINUTE - 1),
          acknowledge(LOSS),
          wait(30 * MINUTE),
        ],
        sent: [],
        held: ['pager ETHUSDT silence until 01:04:00', 'pager BTCUSDT acknowledged'],
      },
    });
  });

  describe('of quiet hours', () => {
    const evening = NOON + 9 * HOUR;
    table({
      'notifies at their end what is still open, names what came and went in a digest, and resolves what was notified before':
        {
          channels: [quiet],
          startAt: evening,
          steps: [
            raise(BTC, 'WARNING'),
            wait(2 * HOUR),
            raise(LOSS, 'WARNING'),
            raise(ETH, 'ERROR'),
            resolve(BTC),
            resolve(ETH),
            wait(8 * HOUR),
          ],
          sent: [
            '00:00:00 raised WARNING BTCUSDT',
            '10:00:00 resolved WARNING BTCUSDT',
            '10:00:00 raised WARNING BTCUSDT loss',
            '10:00:00 digest ERROR [ETHUSDT] +0',
          ],
        },
      'sends CRITICAL at once, and all that is about it': {
        channels: [quiet],
        startAt: evening,
        steps: [wait(2 * HOUR), raise(BTC, 'CRITICAL'), wait(5 * HOUR), resolve(BTC), wait(6 * HOUR)],
        sent: [
          '02:00:00 raised CRITICAL BTCUSDT',
          '06:00:00 repeated CRITICAL BTCUSDT',
          '07:00:00 resolved CRITICAL BTCUSDT',
        ],
      },
      'names an INFO one-off in a digest at their end': {
        channels: [quiet],
        startAt: evening,
        steps: [wait(2 * HOUR), oneOff(PANIC, 'INFO'), wait(9 * HOUR)],
        sent: ['10:00:00 digest INFO [BTCUSDT] +0'],
      },
      'says nothing at their end of what is silenced past it, and raises it when the silence ends': {
        channels: [quiet],
        startAt: evening,
        steps: [
          wait(2 * HOUR),
          raise(BTC, 'WARNING'),
          oneOff(PANIC, 'WARNING'),
          wait(HOUR),
          silence(9 * HOUR),
          wait(10 * HOUR),
        ],
        sent: ['12:00:00 raised WARNING BTCUSDT'],
      },
      'does not name what ended while it was silenced': {
        channels: [quiet],
        startAt: evening,
        steps: [wait(2 * HOUR), silence(HOUR), raise(BTC, 'WARNING'), resolve(BTC), wait(9 * HOUR)],
        sent: [],
        held: [],
      },
      'holds what the end of a silence releases': {
        channels: [quiet],
        startAt: evening,
        steps: [silence(2 * HOUR), raise(BTC, 'WARNING'), wait(3 * HOUR)],
        sent: [],
        held: ['chat BTCUSDT quiet_hours until 10:00:00'],
      },
      'notifies at their end, apart from the resolve, what was raised again': {
        channels: [quiet],
        startAt: evening,
        steps: [raise(BTC, 'WARNING'), wait(2 * HOUR), resolve(BTC), raise(BTC, 'WARNING'), wait(8 * HOUR)],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '10:00:00 resolved WARNING BTCUSDT',
          '10:00:00 raised WARNING BTCUSDT',
        ],
      },
      'passes on at once what becomes CRITICAL': {
        channels: [quiet],
        startAt: evening,
        steps: [wait(2 * HOUR), raise(BTC, 'WARNING'), wait(HOUR), raise(BTC, 'CRITICAL'), wait(7 * HOUR)],
        sent: ['03:00:00 raised CRITICAL BTCUSDT', '07:00:00 repeated CRITICAL BTCUSDT'],
      },
      'ends an hour earlier where the clock goes forward': {
        channels: [{ ...chat, quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' } }],
        startAt: Date.UTC(2026, 2, 28, 21),
        steps: [raise(BTC, 'WARNING'), wait(9 * HOUR)],
        sent: ['08:00:00 raised WARNING BTCUSDT'],
      },
      'ends an hour later where the clock goes back': {
        channels: [{ ...chat, quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' } }],
        startAt: Date.UTC(2026, 9, 24, 20),
        steps: [raise(BTC, 'WARNING'), wait(11 * HOUR)],
        sent: ['10:00:00 raised WARNING BTCUSDT'],
      },
      'end as much later as the clock was put forward when their end is left out': {
        channels: [{ ...chat, quietHours: { from: '01:00', to: '02:30', timeZone: 'Europe/Berlin' } }],
        startAt: Date.UTC(2026, 2, 29, 0),
        steps: [raise(BTC, 'WARNING'), wait(2 * HOUR)],
        sent: ['01:30:00 raised WARNING BTCUSDT'],
      },
      'are quiet only the first time in an hour that comes twice': {
        channels: [{ ...chat, quietHours: { from: '02:00', to: '02:30', timeZone: 'Europe/Berlin' } }],
        startAt: Date.UTC(2026, 9, 25, 0),
        steps: [raise(BTC, 'WARNING'), wait(HOUR), raise(ETH, 'WARNING'), wait(HOUR)],
        sent: ['00:30:00 raised WARNING BTCUSDT', '01:00:00 raised WARNING ETHUSDT'],
      },
    });
  });

  describe('of incidents', () => {
    const cause = { causedBy: BTC };
    table({
      'does not notify consequences of what the channel knows, unless they are worse or CRITICAL': {
        steps: [
          raise(BTC, 'WARNING'),
          raise(LOSS, 'WARNING', cause),
          raise({ ...LOSS, symbol: 'SOLUSDT' }, 'ERROR', cause),
          raise(ETH, 'CRITICAL', cause),
          wait(HOUR),
        ],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:00 raised ERROR SOLUSDT loss',
          '00:00:00 raised CRITICAL ETHUSDT',
        ],
        held: ['chat BTCUSDT incident'],
      },
      'notifies what remains of it after the grace period': {
        steps: [raise(BTC, 'ERROR'), raise(LOSS, 'ERROR', cause), wait(MINUTE), resolve(BTC), wait(MINUTE)],
        sent: [
          '00:00:00 raised ERROR BTCUSDT',
          '00:01:00 resolved ERROR BTCUSDT',
          '00:01:10 raised ERROR BTCUSDT loss',
        ],
      },
      'says nothing of what is over within the grace period': {
        steps: [
          raise(BTC, 'ERROR'),
          raise(LOSS, 'ERROR', cause),
          wait(MINUTE),
          resolve(BTC),
          wait(9 * SECOND),
          resolve(LOSS),
          wait(MINUTE),
        ],
        sent: ['00:00:00 raised ERROR BTCUSDT', '00:01:00 resolved ERROR BTCUSDT'],
        held: [],
      },
      'notifies consequences of what the channel does not know, and what remains when they are over': {
        steps: [
          silence(HOUR, ['condition=exchange_disconnected']),
          raise(BTC, 'WARNING'),
          raise(LOSS, 'ERROR', cause),
          wait(2 * HOUR),
          resolve(LOSS),
          wait(MINUTE),
        ],
        sent: [
          '00:00:00 raised ERROR BTCUSDT loss',
          '02:00:00 resolved ERROR BTCUSDT loss',
          '02:00:10 raised WARNING BTCUSDT',
        ],
      },
      'waits for the grace period where the cause ended just before': {
        steps: [
          raise(BTC, 'WARNING'),
          resolve(BTC),
          wait(4 * SECOND),
          raise(LOSS, 'WARNING', cause),
          wait(MINUTE),
          raise(ETH, 'WARNING', cause),
        ],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:00 resolved WARNING BTCUSDT',
          '00:00:10 raised WARNING BTCUSDT loss',
        ],
        held: ['chat ETHUSDT incident'],
      },
      'does not name after quiet hours what came and went as part of it': {
        channels: [quiet],
        startAt: NOON + 9 * HOUR,
        settings: { repeatInterval: 24 * HOUR },
        steps: [
          raise(BTC, 'WARNING'),
          wait(2 * HOUR),
          raise(ETH, 'WARNING', cause),
          wait(HOUR),
          resolve(ETH),
          wait(HOUR),
          resolve(BTC),
          wait(8 * HOUR),
        ],
        sent: ['00:00:00 raised WARNING BTCUSDT', '10:00:00 resolved WARNING BTCUSDT'],
      },
      'holds consequences at the end of quiet hours, behind their cause': {
        channels: [quiet],
        startAt: NOON + 11 * HOUR,
        steps: [
          raise(BTC, 'WARNING'),
          raise(LOSS, 'WARNING', cause),
          raise(ETH, 'WARNING', cause),
          resolve(ETH),
          wait(8 * HOUR),
        ],
        sent: ['08:00:00 raised WARNING BTCUSDT', '08:00:00 digest WARNING [ETHUSDT] +0'],
      },
    });
  });

  describe('of flapping', () => {
    table({
      'notifies a connection that flaps every 5 s for 5 min as flapping, ERROR once its time down adds up, and one resolve':
        {
          steps: [...flaps(30, 5 * SECOND, 5 * SECOND, 'WARNING', { escalatesAfter: MINUTE }), wait(HOUR)],
          sent: [
            '00:00:00 raised WARNING BTCUSDT',
            '00:00:05 resolved WARNING BTCUSDT',
            '00:00:10 raised WARNING BTCUSDT',
            '00:00:15 flapping WARNING BTCUSDT',
            '00:01:55 escalated ERROR BTCUSDT',
            '00:09:55 resolved ERROR BTCUSDT',
          ],
        },
      'escalates what is down 55 s of each minute': {
        steps: [...flaps(4, 55 * SECOND, 5 * SECOND, 'WARNING', { escalatesAfter: 2 * MINUTE }), wait(HOUR)],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:55 resolved WARNING BTCUSDT',
          '00:01:00 raised WARNING BTCUSDT',
          '00:01:55 flapping WARNING BTCUSDT',
          '00:02:10 escalated ERROR BTCUSDT',
          '00:08:55 resolved ERROR BTCUSDT',
        ],
      },
      'counts changes within the window only': {
        settings: { flapping: { changes: 4, window: MINUTE, stableFor: MINUTE } },
        steps: flaps(3, 30 * SECOND, 30 * SECOND, 'WARNING'),
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:30 resolved WARNING BTCUSDT',
          '00:01:00 raised WARNING BTCUSDT',
          '00:01:30 resolved WARNING BTCUSDT',
          '00:02:00 raised WARNING BTCUSDT',
          '00:02:30 resolved WARNING BTCUSDT',
        ],
      },
      'goes on as any alert where the condition is open when it is stable': {
        steps: [...flaps(2, SECOND, SECOND, 'WARNING'), raise(BTC, 'WARNING'), wait(5 * HOUR), resolve(BTC)],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:01 resolved WARNING BTCUSDT',
          '00:00:02 raised WARNING BTCUSDT',
          '00:00:03 flapping WARNING BTCUSDT',
          '04:00:03 repeated WARNING BTCUSDT',
          '05:00:04 resolved WARNING BTCUSDT',
        ],
      },
      'repeats what is open only once it does not flap any more': {
        settings: { repeatInterval: 2 * MINUTE },
        steps: [...flaps(2, SECOND, SECOND, 'WARNING'), raise(BTC, 'WARNING'), wait(8 * MINUTE)],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:01 resolved WARNING BTCUSDT',
          '00:00:02 raised WARNING BTCUSDT',
          '00:00:03 flapping WARNING BTCUSDT',
          '00:05:04 repeated WARNING BTCUSDT',
          '00:07:04 repeated WARNING BTCUSDT',
        ],
      },
      'flaps again with the next change within the window': {
        steps: [
          ...flaps(2, SECOND, SECOND, 'WARNING'),
          wait(6 * MINUTE),
          raise(BTC, 'WARNING'),
          wait(SECOND),
          resolve(BTC),
          wait(6 * MINUTE),
        ],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:01 resolved WARNING BTCUSDT',
          '00:00:02 raised WARNING BTCUSDT',
          '00:00:03 flapping WARNING BTCUSDT',
          '00:05:03 resolved WARNING BTCUSDT',
          '00:06:04 flapping WARNING BTCUSDT',
          '00:11:05 resolved WARNING BTCUSDT',
        ],
      },
      'sends each CRITICAL alert at once also while it flaps': {
        steps: [...flaps(2, SECOND, SECOND, 'CRITICAL'), ...flaps(2, SECOND, SECOND, 'CRITICAL'), wait(HOUR)],
        sent: [
          '00:00:00 raised CRITICAL BTCUSDT',
          '00:00:01 resolved CRITICAL BTCUSDT',
          '00:00:02 raised CRITICAL BTCUSDT',
          '00:00:03 flapping CRITICAL BTCUSDT',
          '00:00:04 raised CRITICAL BTCUSDT',
          '00:00:06 raised CRITICAL BTCUSDT',
          '00:05:07 resolved CRITICAL BTCUSDT',
        ],
      },
      'notifies flapping once, when a silence ends': {
        steps: [silence(10 * SECOND), ...flaps(10, SECOND, SECOND, 'WARNING'), wait(HOUR)],
        sent: ['00:00:10 flapping WARNING BTCUSDT', '00:05:19 resolved WARNING BTCUSDT'],
      },
      'resolves in a silence what was notified before it flapped': {
        steps: [
          raise(BTC, 'WARNING'),
          silence(HOUR),
          resolve(BTC),
          ...flaps(3, SECOND, SECOND, 'WARNING'),
          wait(2 * HOUR),
        ],
        sent: ['00:00:00 raised WARNING BTCUSDT', '00:00:00 resolved WARNING BTCUSDT'],
      },
      'does not pass a flapping episode on that somebody acknowledged while it flapped': {
        channels: [{ ...pager, unacknowledgedAfter: MINUTE }],
        steps: [
          ...flaps(2, SECOND, SECOND, 'WARNING'),
          raise(BTC, 'WARNING'),
          acknowledge(BTC),
          wait(SECOND),
          resolve(BTC),
          ...flaps(10, 10 * SECOND, 10 * SECOND, 'WARNING'),
        ],
        sent: [],
        held: ['pager BTCUSDT acknowledged'],
      },
      'passes a flapping episode on that nobody acknowledged': {
        channels: [{ ...pager, unacknowledgedAfter: MINUTE }],
        steps: [...flaps(2, SECOND, SECOND, 'CRITICAL'), raise(BTC, 'CRITICAL'), wait(2 * MINUTE)],
        sent: ['00:01:04 pager flapping CRITICAL BTCUSDT'],
      },
    });
  });

  describe('of bursts', () => {
    const S = (from: number, to: number): string =>
      Array.from({ length: to - from + 1 }, (_, index) => `S${from + index}`).join(' ');
    table({
      'sends a burst, then one digest that names ten, when a silence of 40 alerts ends': {
        steps: [silence(HOUR, ['condition=stale_price']), ...many(40, 'WARNING'), wait(2 * HOUR)],
        sent: [
          '01:00:00 raised WARNING S1',
          '01:00:00 raised WARNING S2',
          '01:00:00 raised WARNING S3',
          '01:00:00 raised WARNING S4',
          '01:00:00 raised WARNING S5',
          `01:01:00 digest WARNING [${S(6, 15)}] +25`,
        ],
      },
      'sends CRITICAL at once beyond the burst, and counts it': {
        settings: { burst: 2 },
        steps: [
          raise(BTC, 'CRITICAL'),
          ...many(2, 'WARNING'),
          raise(ETH, 'CRITICAL'),
          raise(LOSS, 'ERROR'),
          wait(HOUR),
        ],
        sent: [
          '00:00:00 raised CRITICAL BTCUSDT',
          '00:00:00 raised WARNING S1',
          '00:00:00 raised CRITICAL ETHUSDT',
          '00:01:00 digest ERROR [BTCUSDT S2] +0',
        ],
      },
      'adds to a digest that waits, as long as it waits': {
        settings: { burst: 1 },
        steps: [
          raise(BTC, 'WARNING'),
          wait(50 * SECOND),
          resolve(BTC),
          wait(20 * SECOND),
          raise(ETH, 'ERROR'),
          wait(40 * SECOND),
          raise(LOSS, 'WARNING'),
          wait(MINUTE),
        ],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:50 resolved WARNING BTCUSDT',
          '00:02:10 digest ERROR [ETHUSDT BTCUSDT] +0',
        ],
      },
      'names what came and went while it waited, but not what is silenced by then': {
        settings: { burst: 1 },
        steps: [
          raise(BTC, 'WARNING'),
          oneOff({ ...PANIC, symbol: 'ETHUSDT' }, 'WARNING'),
          raise(LOSS, 'WARNING'),
          wait(SECOND),
          resolve(LOSS),
          raise({ ...LOSS, symbol: 'SOLUSDT' }, 'WARNING'),
          silence(HOUR, ['symbol=SOLUSDT']),
          wait(MINUTE),
        ],
        sent: ['00:00:00 raised WARNING BTCUSDT', '00:01:00 digest WARNING [ETHUSDT BTCUSDT] +0'],
        held: ['chat SOLUSDT silence until 01:00:01'],
      },
      'resolves and repeats what a digest stated': {
        settings: { burst: 1 },
        steps: [
          raise(BTC, 'WARNING'),
          raise(ETH, 'WARNING'),
          wait(HOUR),
          resolve(BTC),
          wait(4 * HOUR),
          resolve(ETH),
        ],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:01:00 digest WARNING [ETHUSDT] +0',
          '01:00:00 resolved WARNING BTCUSDT',
          '04:01:00 repeated WARNING ETHUSDT',
          '05:00:00 resolved WARNING ETHUSDT',
        ],
      },
      'throttles at the end of quiet hours, when one digest has both what waits and what came and went': {
        channels: [quiet],
        settings: { burst: 2 },
        startAt: NOON + 11 * HOUR,
        steps: [...many(4, 'WARNING'), raise(BTC, 'ERROR'), resolve(BTC), wait(9 * HOUR)],
        sent: [
          '08:00:00 raised WARNING S1',
          '08:00:00 raised WARNING S2',
          '08:01:00 digest ERROR [BTCUSDT S3 S4] +0',
        ],
      },
      'leaves to quiet hours what waits when they begin': {
        channels: [quiet],
        settings: { burst: 1 },
        startAt: NOON + 10 * HOUR - 30 * SECOND,
        steps: [...many(2, 'WARNING'), oneOff(PANIC, 'INFO'), wait(10 * HOUR)],
        sent: [
          '00:00:00 raised WARNING S1',
          '09:00:30 repeated WARNING S1',
          '09:01:30 digest WARNING [S2 BTCUSDT] +0',
        ],
      },
    });
  });

  describe('of CRITICAL', () => {
    const burdened = [{ ...quiet, match: ['condition!=order_rejected'] }];
    const before = [
      raise(LOSS, 'CRITICAL'),
      ...flaps(2, SECOND, SECOND, 'CRITICAL', { causedBy: LOSS }),
      wait(MINUTE),
    ];
    const sentBefore = [
      '00:00:00 raised CRITICAL BTCUSDT loss',
      '00:00:00 raised CRITICAL BTCUSDT',
      '00:00:01 resolved CRITICAL BTCUSDT',
      '00:00:02 raised CRITICAL BTCUSDT',
      '00:00:03 flapping CRITICAL BTCUSDT',
    ];
    const more = { causedBy: LOSS };
    table({
      'sends it at once in quiet hours, in an incident, while it flaps and beyond the burst': {
        channels: burdened,
        settings: { burst: 1, groupWindow: HOUR },
        startAt: NOON + 11 * HOUR,
        steps: [...before, raise(BTC, 'CRITICAL', more)],
        sent: [...sentBefore, '00:01:04 raised CRITICAL BTCUSDT'],
      },
      'does not send it where it is silenced or not matched': {
        channels: burdened,
        startAt: NOON + 11 * HOUR,
        steps: [
          ...before,
          silence(HOUR),
          raise(BTC, 'CRITICAL', more),
          raise({ condition: 'order_rejected', symbol: 'ETHUSDT' }, 'CRITICAL'),
          wait(MINUTE),
        ],
        sent: sentBefore,
        held: ['chat BTCUSDT silence until 01:01:04', 'chat ETHUSDT match'],
      },
    });
  });

  describe('of the log', () => {
    it('is sent everything, whatever holds it from others', () => {
      const scenario = scenarioOf({
        channels: [],
        settings: { burst: 1 },
        startAt: NOON + 11 * HOUR,
        steps: [
          silence(9 * HOUR),
          raise(BTC, 'WARNING', { escalatesAfter: MINUTE }),
          raise(LOSS, 'INFO', { causedBy: BTC }),
          oneOff(PANIC, 'INFO'),
          wait(2 * MINUTE),
          acknowledge(BTC),
          resolve(LOSS),
          wait(5 * HOUR),
          ...flaps(2, SECOND, SECOND, 'WARNING').slice(2),
        ],
        sent: [],
      });
      const { sent } = referenceModel(scenario);
      expect(sent.map((message) => inShort(message, scenario.startAt))).toEqual([
        '00:00:00 log raised WARNING BTCUSDT',
        '00:00:00 log raised INFO BTCUSDT loss',
        '00:00:00 log raised INFO BTCUSDT panic',
        '00:01:00 log escalated ERROR BTCUSDT',
        '00:02:00 log acknowledged ERROR BTCUSDT',
        '00:02:00 log resolved INFO BTCUSDT loss',
        '04:02:00 log repeated ERROR BTCUSDT',
        '05:02:00 log resolved ERROR BTCUSDT',
        '05:02:01 log raised WARNING BTCUSDT',
        '05:02:02 log resolved WARNING BTCUSDT',
      ]);
    });
  });

  describe('of two bots', () => {
    it('keeps their alerts, silences and throttles apart', () => {
      expectRow({
        settings: { burst: 1 },
        steps: [
          { ...silence(HOUR), bot: 'b' } as Step,
          raise(BTC, 'WARNING'),
          raise(BTC, 'WARNING', { bot: 'b' }),
          raise(ETH, 'ERROR', { bot: 'b' }),
          resolve(ETH),
          wait(MINUTE),
          restart(HOUR),
          resolve(BTC, 'b'),
        ],
        sent: [
          '00:00:00 raised WARNING BTCUSDT',
          '00:00:00 raised ERROR ETHUSDT',
          '01:00:00 raised WARNING BTCUSDT',
          '01:01:00 resolved WARNING BTCUSDT',
        ],
      });
    });
  });

  describe('in any scenario', () => {
    const anyScenario = (holds: (scenario: Scenario) => void): void =>
      fc.assert(fc.property(arbitraryScenario, holds), { numRuns: 10 });

    it('answers the same however often it is asked', () => {
      anyScenario((scenario) => {
        const steps = scenario.steps.flatMap((step): Step[] =>
          step.step === 'wait'
            ? [wait(Math.floor(step.ms / 3)), wait(Math.ceil((step.ms * 2) / 3)), restart(0)]
            : [step],
        );
        expect(referenceModel({ ...scenario, steps })).toEqual(referenceModel(scenario));
      });
    });

    it('sends one bot the same, whatever happens to the other', () => {
      anyScenario((scenario) => {
        const steps = scenario.steps.map((step) =>
          step.step === 'restart' && step.bot === 'b'
            ? wait(step.downFor)
            : 'bot' in step && step.bot === 'b'
              ? wait(0)
              : step,
        );
        const ofA = (all: readonly Sent[]): readonly Sent[] => all.filter((sent) => sent.bot === 'a');
        expect(referenceModel({ ...scenario, steps }).sent).toEqual(ofA(referenceModel(scenario).sent));
      });
    });

    it('leaves nothing open that a channel does not know, unless something holds it', () => {
      anyScenario((scenario) => {
        const { sent, held } = referenceModel(scenario);
        const key = (bot: string, channel: string, about: Subject): string =>
          JSON.stringify([bot, channel, about.condition, about.symbol]);
        const known = new Set(held.map(({ bot, channel, subject }) => key(bot, channel, subject)));
        for (const { bot, channel, kind, subject, digest } of sent) {
          for (const named of digest?.named ?? []) known.add(key(bot, channel, named));
          if (subject && kind !== 'resolved') known.add(key(bot, channel, subject));
        }
        for (const { bot, subject } of stillOpen(scenario.steps)) {
          const unaware = ['log', ...scenario.channels.map(({ name }) => name)].filter(
            (channel) => !known.has(key(bot, channel, subject)),
          );
          expect(unaware).toEqual([]);
        }
      });
    });

    it('never resolves what it did not notify, nor resolves it twice', () => {
      anyScenario((scenario) => {
        const known = new Map<string, boolean>();
        for (const { bot, channel, kind, subject, digest } of referenceModel(scenario).sent) {
          const key = (about: Subject): string => JSON.stringify([bot, channel, about]);
          for (const named of digest?.named ?? []) known.set(key(named), true);
          if (!subject) continue;
          if (kind === 'resolved') expect(known.get(key(subject))).toBe(true);
          known.set(key(subject), kind !== 'resolved');
        }
      });
    });
  });
});
