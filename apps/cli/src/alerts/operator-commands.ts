import { readFileSync } from 'node:fs';
import { openSqliteEventLog } from '@opensqt/event-log';
import type { Alert, DeadLetter } from '@opensqt/observability';
import {
  type AlertPolicy,
  backtest,
  channelVerdicts,
  explainAlert,
  explainEvent,
  isAlertEvent,
  rulesOf,
  type Step,
} from '@opensqt/observability/replay';
import { validateEvent } from '@opensqt/trading-events';
import type { Configuration } from '@opensqt/configuration';
import { configuredRoutes } from './configured-routes';
import { OperatorApi, OperatorError } from './operator-api';

/** The options of a command, besides its own arguments. */
export interface OperatorOptions {
  readonly by: string;
  readonly reason?: string | undefined;
  /** Milliseconds. */
  readonly duration?: number | undefined;
  /** An event's id, or a file that holds one. */
  readonly event?: string | undefined;
  /** Another log than the configuration's. */
  readonly log?: string | undefined;
}

/** A command: its arguments, its meaning, and the lines that it prints. */
export interface OperatorCommand {
  readonly usage: string;
  readonly meaning: string;
  run(
    configuration: Configuration,
    args: readonly string[],
    options: OperatorOptions,
  ): Promise<readonly string[]>;
}

/** The operator's commands by name. */
export const OPERATOR_COMMANDS: Readonly<Record<string, OperatorCommand>> = {
  list: {
    usage: 'list',
    meaning: 'the open alerts',
    run: async (configuration) => alertLines(await ask<Alert[]>(configuration, 'GET', '')),
  },
  history: {
    usage: 'history [COUNT]',
    meaning: 'alerts that have ended, newest first',
    run: async (configuration, [count = '20']) =>
      alertLines(await ask<Alert[]>(configuration, 'GET', `/history?limit=${encodeURIComponent(count)}`)),
  },
  ack: {
    usage: 'ack ID [NOTE]',
    meaning: 'acknowledge an open alert',
    run: async (configuration, [id, note], { by }) => {
      const path = `/${encodeURIComponent(needed(id, 'the id of an alert'))}/acknowledge`;
      return alertLines([await ask<Alert>(configuration, 'POST', path, { by, note })]);
    },
  },
  silence: {
    usage: 'silence LABEL=VALUE… --for DURATION --reason TEXT',
    meaning: 'hold back what matches, for a while (label `condition` matches the condition)',
    run: async (configuration, pairs, { by, reason, duration }) => {
      const body = {
        matchers: matchersOf(pairs),
        duration: needed(duration, '--for'),
        reason: needed(reason, '--reason'),
        by,
      };
      const { silenceId, until } = await ask<{ silenceId: string; until: number }>(
        configuration,
        'POST',
        '/silences',
        body,
      );
      return [`${silenceId} until ${iso(until)}`];
    },
  },
  unsilence: {
    usage: 'unsilence ID',
    meaning: 'end a silence early',
    run: async (configuration, [id], { by }) => {
      const path = `/silences/${encodeURIComponent(needed(id, 'the id of a silence'))}?by=${encodeURIComponent(by)}`;
      await ask(configuration, 'DELETE', path);
      return ['ended; what it held back and still fires is notified now'];
    },
  },
  test: {
    usage: 'test CHANNEL',
    meaning: "send a test message and see the provider's answer",
    run: async (configuration, [channel]) => {
      const body = { channel: needed(channel, 'a channel') };
      const { delivered, detail } = await ask<{ delivered: boolean; detail: string }>(
        configuration,
        'POST',
        '/test',
        body,
      );
      if (!delivered) throw new OperatorError(`not delivered: ${detail}`);
      return [`delivered: ${detail}`];
    },
  },
  'dead-letters': {
    usage: 'dead-letters',
    meaning: 'messages that were abandoned',
    run: async (configuration) =>
      (await ask<DeadLetter[]>(configuration, 'GET', '/dead-letters')).map(
        ({ deliveryId, channel, reason, detail, notice }) =>
          `${deliveryId}  ${channel}  ${notice.level}  ${notice.title}  (${reason}: ${detail})`,
      ),
  },
  resend: {
    usage: 'resend ID',
    meaning: 'send a dead letter again',
    run: async (configuration, [id]) => {
      const path = `/dead-letters/${encodeURIComponent(needed(id, 'the id of a dead letter'))}/resend`;
      const { deliveryId } = await ask<{ deliveryId: string }>(configuration, 'POST', path);
      return [`queued as ${deliveryId}`];
    },
  },
  why: {
    usage: 'why ID',
    meaning: 'the whole story of an alert, from the log',
    run: async (configuration, [id]) => {
      const alertId = needed(id, 'the id of an alert');
      const steps = await withLog(configuration, (log) => explainAlert(log.read(), alertId));
      if (steps.length === 0) throw new OperatorError(`The log has no alert '${alertId}'.`);
      return steps.map(stepLine);
    },
  },
  'why-not': {
    usage: 'why-not --event ID',
    meaning: 'what an event led to, and where it led to nothing, why',
    run: async (configuration, _args, { event }) => {
      const eventId = needed(event, '--event');
      const explained = await withLog(configuration, (log) =>
        explainEvent(log.read(), eventId, rulesOf(configuration.alerts)),
      );
      if (explained === undefined) throw new OperatorError(`The log has no event '${eventId}'.`);
      return [...explained.verdicts, ...explained.steps.map(stepLine)];
    },
  },
  route: {
    usage: 'route --event FILE',
    meaning:
      'which channels would be notified of an event (a line of the events command), and why the others not',
    run: async (configuration, _args, { event }) => {
      const verdict = validateEvent(JSON.parse(readFileSync(needed(event, '--event'), 'utf8')));
      if (!verdict.ok) throw new OperatorError(verdict.rejection.message);
      if (isAlertEvent(verdict.event))
        throw new OperatorError(`${verdict.event.type} is no event of trading.`);
      return channelVerdicts(verdict.event, policyOf(configuration));
    },
  },
  backtest: {
    usage: 'backtest [--log FILE]',
    meaning:
      'decide on the log again under --config and show what would have been new, gone or of another level',
    run: async (configuration, _args, { log }) => {
      const path = log ?? configuration.eventLog.path;
      const differences = await withLog(
        { ...configuration, eventLog: { ...configuration.eventLog, path } },
        (events) => backtest(events.read(), policyOf(configuration)),
      );
      if (differences.length === 0) return ['no difference'];
      return differences.map(
        ({ day, change, of, words }) => `${day}  ${change.padEnd(5)}  ${of.padEnd(7)}  ${words}`,
      );
    },
  },
};

/** The policy of the configuration, with the built-in rules: those of an application's own are in its code. */
function policyOf(configuration: Configuration): AlertPolicy {
  return {
    rules: rulesOf(configuration.alerts),
    settings: configuration.alerts,
    routes: configuredRoutes(configuration),
  };
}

function ask<Answer>(
  configuration: Configuration,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<Answer> {
  return new OperatorApi(configuration).ask(method, path, body) as Promise<Answer>;
}

async function withLog<Result>(
  { eventLog: { path } }: Configuration,
  read: (log: Awaited<ReturnType<typeof openSqliteEventLog>>) => Promise<Result>,
): Promise<Result> {
  const log = await openSqliteEventLog({ path, readOnly: true });
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

function matchersOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  const matchers = pairs.map((pair) => {
    const [name = '', ...value] = pair.split('=');
    if (name === '' || value.length === 0) throw new OperatorError(`'${pair}' is no LABEL=VALUE.`);
    return [name, value.join('=')] as const;
  });
  return Object.fromEntries(matchers);
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

function iso(time: number): string {
  return new Date(time).toISOString();
}
