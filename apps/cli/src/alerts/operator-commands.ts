import { readFileSync } from 'node:fs';
import type { EventLog, LogRecord } from '@opensqt/event-log';
import type { Alert, DeadLetter, DrillReport, TestResult } from '@opensqt/observability';
import {
  type AlertPolicy,
  backtest,
  channelVerdicts,
  explainAlert,
  explainEvent,
  ownRecords,
  isAlertEvent,
  MatcherError,
  matcherText,
  parseMatchers,
  rulesOf,
  type Step,
} from '@opensqt/observability/replay';
import { type SilenceCreated, Rejection, parseEvent } from '@opensqt/trading-events';
import { type Configuration, typed } from '@opensqt/configuration';
import { configuredRoutes } from './configured-routes';
import { alertIdOf, idInLog } from './id-in-log';
import { withProgress } from '../log-progress';
import { isDatabase, openLogOfBot } from '../open-log';
import { type OperatorApi, OperatorError } from './operator-api';
import { OwnConditions } from './own-conditions';
import { drillLines, testLines } from './rehearsal-lines';
import { iso, silenceLines } from './silence-lines';
import type { Surroundings } from './surroundings';

/** The options of a command, besides its own arguments. */
export interface OperatorOptions {
  /** For whom, beside the name of the token. */
  readonly by: string;
  readonly reason?: string | undefined;
  /** Milliseconds. */
  readonly duration?: number | undefined;
  /** An event's id, or a file that holds one. */
  readonly event?: string | undefined;
  /** Another log than the configuration's: a file, or the URL of a database. */
  readonly log?: string | undefined;
}

/** A command: its arguments, its meaning, and the lines that it prints. */
export interface OperatorCommand {
  readonly usage: string;
  readonly meaning: string;
  run(
    surroundings: Surroundings,
    args: readonly string[],
    options: OperatorOptions,
  ): Promise<readonly string[]>;
}

/** The operator's commands by name. */
export const OPERATOR_COMMANDS: Readonly<Record<string, OperatorCommand>> = {
  list: {
    usage: 'list',
    meaning: 'the open alerts',
    run: async ({ api }) => alertLines(await api.list<Alert>('/alerts')),
  },
  history: {
    usage: 'history [COUNT]',
    meaning: 'alerts that have ended, newest first',
    run: async ({ api }, [count = '20']) =>
      alertLines(await ask<Alert[]>(api, 'GET', `/history?limit=${encodeURIComponent(count)}`)),
  },
  ack: {
    usage: 'ack ID [NOTE]',
    meaning: 'acknowledge an open alert',
    run: async ({ api }, [id, note], { by }) => {
      const path = `/${encodeURIComponent(needed(id, 'the id of an alert'))}/acknowledge`;
      return alertLines([await ask<Alert>(api, 'POST', path, { by, note })]);
    },
  },
  resolve: {
    usage: 'resolve ID [REASON]',
    meaning: 'resolve an open alert; one whose condition still holds is raised again',
    run: async ({ api }, [id, reason], { by }) => {
      const path = `/${encodeURIComponent(needed(id, 'the id of an alert'))}/resolve`;
      return alertLines([await ask<Alert>(api, 'POST', path, { by, reason })]);
    },
  },
  silences: {
    usage: 'silences',
    meaning: 'the silences: id, matchers, from, until, by whom and why',
    run: async ({ api }) => silenceLines(await api.list<SilenceCreated>('/alerts/silences')),
  },
  silence: {
    usage: 'silence MATCHER… --for DURATION --reason TEXT',
    meaning:
      'hold back what matches (symbol=BTCUSDT, symbol=~BTC.*, condition!=large_execution), for a while',
    run: async ({ api }, pairs, { by, reason, duration }) => {
      const body = {
        matchers: matchersOf(pairs),
        duration: needed(duration, '--for'),
        reason: needed(reason, '--reason'),
        by,
      };
      const {
        silenceId,
        until,
        warnings = [],
      } = await ask<{
        silenceId: string;
        until: number;
        warnings?: string[];
      }>(api, 'POST', '/silences', body, 'silenceId');
      return [`${silenceId} until ${iso(until)}`, ...warnings.map((warning) => `warning: ${warning}`)];
    },
  },
  unsilence: {
    usage: 'unsilence ID',
    meaning: 'end a silence early',
    run: async ({ api }, [id]) => {
      await ask(api, 'DELETE', `/silences/${encodeURIComponent(needed(id, 'the id of a silence'))}`);
      return ['ended; what it held back and still fires is notified now'];
    },
  },
  test: {
    usage: 'test [CHANNEL]',
    meaning: "send a test message to every channel, or to one, and see the providers' answers",
    run: async ({ api }, [channel], { by }) => {
      if (channel === undefined) return testLines(await ask<TestResult[]>(api, 'POST', '/test', { by }));
      const { delivered, detail } = await ask<TestResult>(api, 'POST', '/test', { channel, by });
      if (!delivered) throw new OperatorError(`not delivered: ${detail}`);
      return [`delivered: ${detail}`];
    },
  },
  drill: {
    usage: 'drill',
    meaning: 'raise a marked alert of each level through the real routes and see who is notified of it',
    run: async ({ api }, _args, { by }) => drillLines(await ask<DrillReport>(api, 'POST', '/drill', { by })),
  },
  reset: {
    usage: 'reset SCOPE --reason TEXT',
    meaning: 'let trading in a symbol, or `global`, go on before its breaker resets by itself',
    run: async ({ api }, [scope], { by, reason }) => {
      const path = `/breakers/${encodeURIComponent(needed(scope, 'a scope: a symbol, or global'))}/reset`;
      const body = { by, reason: needed(reason, '--reason') };
      const { tripped } = (await api.ask('POST', path, body, 'tripped')) as { tripped: readonly string[] };
      const others = tripped.length === 0 ? 'no breaker is tripped' : `still tripped: ${tripped.join(', ')}`;
      return [`${scope} is reset; ${others}`];
    },
  },
  'dead-letters': {
    usage: 'dead-letters',
    meaning: 'messages that were abandoned',
    run: async ({ api }) =>
      (await api.list<DeadLetter>('/alerts/dead-letters')).map(
        ({ deliveryId, channel, reason, detail, notice }) =>
          `${deliveryId}  ${channel}  ${notice.level}  ${notice.title}  (${reason}: ${detail})`,
      ),
  },
  resend: {
    usage: 'resend ID',
    meaning: 'send a dead letter again',
    run: async ({ api }, [id]) => {
      const path = `/dead-letters/${encodeURIComponent(needed(id, 'the id of a dead letter'))}/resend`;
      const { deliveryId } = await ask<{ deliveryId: string }>(api, 'POST', path, undefined, 'deliveryId');
      return [`queued as ${deliveryId}`];
    },
  },
  why: {
    usage: 'why ID [--log LOG]',
    meaning: 'the whole story of an alert, from the log',
    run: async (surroundings, [id], { log: named }) => {
      const given = needed(id, 'the id of an alert');
      const steps = await withLog(surroundings, named, async (log) =>
        explainAlert(recordsOf(log), await idInLog(recordsOf(log), given, 'alert', alertIdOf)),
      );
      if (steps.length === 0) throw new OperatorError(`The log has no alert '${given}'.`);
      return steps.map(stepLine);
    },
  },
  'why-not': {
    usage: 'why-not --event ID [--log LOG]',
    meaning: 'what an event led to, and where it led to nothing, why',
    run: async (surroundings, _args, { event, log: named }) => {
      const given = needed(event, '--event');
      const own = new OwnConditions();
      const explained = await withLog(surroundings, named, async (log) => {
        const eventId = await idInLog(recordsOf(log), given, 'event', ({ id }) => id);
        return explainEvent(own.in(recordsOf(log)), eventId, policyOf(surroundings.configuration));
      });
      if (explained === undefined) throw new OperatorError(`The log has no event '${given}'.`);
      return [...explained.verdicts, ...own.lines(), ...explained.steps.map(stepLine)];
    },
  },
  route: {
    usage: 'route --event FILE',
    meaning:
      'which channels would be notified of an event (a line of the events command), and why the others not',
    run: async (surroundings, _args, { event }) => {
      const file = needed(event, '--event');
      const stated = parseEvent(eventIn(file));
      if (stated instanceof Rejection) throw new OperatorError(`${file}: ${stated.message}`);
      if (isAlertEvent(stated)) throw new OperatorError(`${stated.type} is no event of trading.`);
      return channelVerdicts(stated, policyOf(surroundings.configuration));
    },
  },
  backtest: {
    usage: 'backtest [--log LOG]',
    meaning:
      'decide on the log again under --config and show what would have been new, gone, louder or quieter',
    run: async (surroundings, _args, { log: named }) => {
      const own = new OwnConditions();
      const differences = await withLog(surroundings, named, (log) =>
        backtest(own.in(recordsOf(log)), policyOf(surroundings.configuration)),
      );
      if (differences.length === 0) return ['no difference', ...own.lines()];
      const lines = differences.map(
        ({ day, change, of, words }) => `${day}  ${change.padEnd(7)}  ${of.padEnd(7)}  ${words}`,
      );
      return [...lines, ...own.lines()];
    },
  },
};

/** The policy of the configuration, with the built-in rules: those of an application's own are in its code. */
function policyOf(configuration: Configuration): AlertPolicy {
  return {
    bot: configuration.name,
    rules: rulesOf(configuration.alerts),
    settings: configuration.alerts,
    channels: configuredRoutes(configuration),
  };
}

function ask<Answer>(
  api: OperatorApi,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
  has?: string,
): Promise<Answer> {
  return api.ask(method, `/alerts${path}`, body, has) as Promise<Answer>;
}

/** The JSON in a file: one line of the events command. */
function eventIn(file: string): unknown {
  const content = readFileSync(file, 'utf8').trim();
  const wanted = `It must hold one event as JSON: a line of ${typed('events')}.`;
  if (content === '') throw new OperatorError(`${file} is empty. ${wanted}`);
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new OperatorError(`${file} holds no JSON. ${wanted}`, { cause });
  }
}

/** The records of the log's bot, all of them. */
function recordsOf(log: EventLog): AsyncIterable<readonly LogRecord[]> {
  return withProgress(ownRecords(log), { to: log.status().position });
}

/** Reads the log that `--log` names, or else the configuration's. */
async function withLog<Result>(
  { bot, configuration: { eventLog } }: Surroundings,
  named: string | undefined,
  read: (log: EventLog) => Promise<Result>,
): Promise<Result> {
  const { kind, path, url, schema, retention } = eventLog;
  const where = named ?? (kind === 'postgres' && url !== undefined ? url : path);
  const rest = isDatabase(where) ? { schema } : named === undefined ? { archive: retention.archivePath } : {};
  const log = await openLogOfBot({ log: where, ...(bot === undefined ? {} : { bot }), ...rest });
  try {
    return await read(log);
  } finally {
    await log.close();
  }
}

function needed<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new OperatorError(`This needs ${what}. See --help.`);
  return value;
}

/** Checked here, so that what can't be read is refused before anything is asked. */
function matchersOf(texts: readonly string[]): readonly string[] {
  try {
    return parseMatchers(texts).map(matcherText);
  } catch (error) {
    throw error instanceof MatcherError ? new OperatorError(error.message) : error;
  }
}

function alertLines(alerts: readonly Alert[]): readonly string[] {
  if (alerts.length === 0) return ['none'];
  return alerts.map(({ id, level, title, status, since, repeats, acknowledgedBy, resolvedAt }) =>
    [
      id,
      level,
      title,
      resolvedAt === undefined ? `${status} since ${iso(since)}` : `${iso(since)} to ${iso(resolvedAt)}`,
      ...(repeats === 0 ? [] : [`met again ${repeats} times`]),
      ...(acknowledgedBy === undefined ? [] : [`acknowledged by ${acknowledgedBy}`]),
    ].join('  '),
  );
}

function stepLine({ position, occurredAt, type, words }: Step): string {
  return `#${position}  ${iso(occurredAt)}  ${type}  ${words}`;
}
