import type { LogRecord } from '@opensqt/event-log';
import {
  type AlertEvent,
  type AlertSuppressed,
  type TradingEvent,
  assertNever,
} from '@opensqt/trading-events';
import type { AlertRule, RuleVerdict } from '../rules/alert-rule';
import { BUILT_IN_RULES } from '../rules/registry';
import { isAlertEvent } from '../model/alerts.projection';
import { fingerprintOf } from '../model/fingerprint';
import { RuleMemories } from '../policy/rule-memories';
import type { AlertPolicy } from '../policy/settings';
import { AlertRecords } from './alert-records';
import { stagesOf } from './stages-line';

/** One step of a story, as a line. */
export interface Step {
  readonly position: number;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  readonly type: string;
  readonly words: string;
}

/**
 * Explains why an alert was sent, or not: what caused it, what each stage decided, every attempt and how it ended (those of a digest that it is
 * in, too), and its end. Read from the log alone.
 *
 * @param records the whole log, in order
 * @param alertId the alert's id
 * @param rules with those of the application's own: what they decide by is part of the story
 * @returns the steps in log order; empty when the log has no such alert
 */
export async function explainAlert(
  records: AsyncIterable<readonly LogRecord[]>,
  alertId: string,
  rules: readonly Pick<AlertRule, 'handles'>[] = BUILT_IN_RULES,
): Promise<readonly Step[]> {
  const causing = new Set(rules.flatMap(({ handles }) => handles));
  const steps: Step[] = [];
  const causes = new Map<string, LogRecord>();
  const own = new AlertRecords(alertId);
  for await (const chunk of records) {
    for (const record of chunk) {
      const { event } = record;
      if (!isAlertEvent(event)) {
        if (causing.has(event.type)) causes.set(event.id, record);
        continue;
      }
      if (!own.isAbout(event)) continue;
      const cause = causes.get(event.causationId ?? '');
      if (cause !== undefined) {
        steps.push(stepOf(cause));
        causes.delete(cause.event.id);
      }
      steps.push(stepOf(record));
    }
  }
  return steps;
}

/**
 * Explains what an event of trading led to, and where it led to nothing, why.
 *
 * @returns undefined when the log has no such event
 */
export async function explainEvent(
  records: AsyncIterable<readonly LogRecord[]>,
  eventId: string,
  { bot, rules }: Pick<AlertPolicy, 'bot' | 'rules'>,
): Promise<{ readonly steps: readonly Step[]; readonly verdicts: readonly string[] } | undefined> {
  const family = new Set([eventId]);
  const raised = new Map<string, AlertRecords>();
  const memories = new RuleMemories(rules);
  const steps: Step[] = [];
  let verdicts: readonly string[] | undefined;
  for await (const chunk of records) {
    for (const record of chunk) {
      const { event } = record;
      const isOfDigest = isAlertEvent(event) && isInDigest(raised, event);
      if (event.id === eventId) {
        verdicts = isAlertEvent(event) ? [] : verdictsOn(event, bot, rules, memories);
      } else if (verdicts === undefined && !isAlertEvent(event) && !memories.isEmpty) {
        memories.fold(record.position, event);
        continue;
      } else if (!family.has(event.causationId ?? '') && !isOfDigest) {
        continue;
      }
      if (isAlertEvent(event) || event.id === eventId) {
        family.add(event.id);
        steps.push(stepOf(record));
      }
      if (event.type === 'alert.raised') {
        const own = new AlertRecords(event.data.alertId);
        own.isAbout(event);
        raised.set(event.data.alertId, own);
      }
    }
  }
  return verdicts === undefined ? undefined : { steps, verdicts };
}

/** True of the request and the attempts of a digest that one of the alerts was sent in. Each of them keeps account: all are asked. */
function isInDigest(raised: ReadonlyMap<string, AlertRecords>, event: AlertEvent): boolean {
  const { alertId = '' } = 'alertId' in event.data ? event.data : {};
  return [...raised].filter(([id, own]) => own.isAbout(event) && id !== alertId).length > 0;
}

function verdictsOn(
  event: TradingEvent,
  bot: string,
  rules: readonly AlertRule[],
  memories: RuleMemories,
): readonly string[] {
  const concerned = rules.filter(({ handles }) => handles.includes(event.type));
  if (concerned.length === 0) return [`No condition is about ${event.type}.`];
  const answers = memories.answersTo(0, event, event.occurredAt);
  return concerned.flatMap((rule) => {
    const answer = answers.find((one) => one.rule === rule);
    const verdicts: RuleVerdict[] = [];
    try {
      if (answer?.error !== undefined) throw answer.error;
      const verdict = rule.decide?.(event);
      verdicts.push(...(verdict === undefined ? [] : [verdict]), ...(answer?.verdicts ?? []));
    } catch (error) {
      return [`${rule.condition}: throws ${String(error)}, and was passed over.`];
    }
    if (verdicts.length === 0) return [`${rule.condition}: not met.`];
    return verdicts.map((verdict) => {
      const subject = fingerprintOf(rule.condition, { bot, ...verdict.labels });
      return verdict.verdict === 'raise'
        ? `${rule.condition}: met, at ${verdict.level}, about ${subject}.`
        : `${rule.condition}: resolves ${subject}, if that is open.`;
    });
  });
}

function stepOf({ position, event }: LogRecord): Step {
  const words = isAlertEvent(event) ? wordsOf(event) : JSON.stringify(event.data);
  return { position, occurredAt: event.occurredAt, type: event.type, words };
}

/** A step of an alert, in a line. */
export function wordsOf(event: AlertEvent): string {
  switch (event.type) {
    case 'alert.raised': {
      const { notice, incidentId } = event.data;
      const part = incidentId === undefined ? '' : ` (part of the incident that ${incidentId} began)`;
      return `${notice.level} ${notice.title}${part}`;
    }
    case 'alert.escalated':
    case 'alert.resolved':
      return `${event.data.notice.level} ${event.data.notice.title}`;
    case 'alert.suppressed':
      return suppressionWords(event.data);
    case 'alert.acknowledged':
      return `by ${event.data.by}${event.data.note === undefined ? '' : `: ${event.data.note}`}`;
    case 'silence.created':
      return `by ${event.data.by}: ${event.data.reason}`;
    case 'silence.expired':
      return event.data.by === undefined ? 'its time was over' : `ended by ${event.data.by}`;
    case 'summary.closed':
      return `the summary of ${new Date(event.data.dueAt).toISOString()}`;
    case 'channel.tested':
      return `a test of ${event.data.channel} by ${event.data.by}: ${event.data.detail}`;
    case 'incident.planned': {
      const { by, reason, from, to } = event.data;
      return `planned, by ${by}: ${reason} (${new Date(from).toISOString()} to ${new Date(to).toISOString()})`;
    }
    case 'delivery.requested':
      return event.data.kind === 'summary'
        ? `${event.data.channel} is to send a summary`
        : `${event.data.channel} is to send: ${event.data.kind}`;
    case 'delivery.started':
      return `${event.data.channel}, attempt ${event.data.attempt}`;
    case 'delivery.succeeded':
      return `${event.data.channel} accepted it, ${event.data.latencyMs} ms after the request (wall clock)`;
    case 'delivery.failed':
      return `${event.data.channel}, ${event.data.outcome}: ${event.data.detail}; again at ${new Date(event.data.nextAttemptAt).toISOString()}`;
    case 'delivery.abandoned':
      return `${event.data.channel} given up, ${event.data.reason}: ${event.data.detail}`;
    default:
      return assertNever(event);
  }
}

function suppressionWords({ channel, reason, until, holds }: AlertSuppressed): string {
  if (channel === undefined) {
    return holds === undefined
      ? `no channel notified: ${reason}`
      : `flapping: the condition ${holds ? 'holds again' : 'does not hold for the moment'}`;
  }
  const time = until === undefined ? '' : ` until ${new Date(until).toISOString()}`;
  const stages = stagesOf(reason);
  return `${channel} not notified: ${reason}${time}${stages === undefined ? '' : ` (${stages})`}`;
}
