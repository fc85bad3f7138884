import type { LogRecord } from '@opensqt/event-log';
import { explainAlert, isAlertEvent } from '@opensqt/observability/replay';
import type { AlertRaised, DeliveryRequested } from '@opensqt/trading-events';
import type { Arrival } from './flaky-provider';
import { PROVIDERS, SECRETS } from './providers';
import { numberIn } from './trouble';

/** The faults that a soak may find. */
export const FAULTS = {
  undecided: 'alerts without a decision for a channel',
  lost: 'messages that never came, or have no end',
  unmarked: 'messages that came again unmarked',
  disordered: 'messages out of order',
  unexplained: 'alerts that `why` does not explain',
  unprinted: 'alerts that were not printed',
  unknown: 'messages that the log does not know',
  secrets: 'secrets shown',
} as const;

export type Fault = keyof typeof FAULTS;

/** The messages or alerts with each fault; all of it must be empty. */
export type SoakFaults = Readonly<Record<Fault, string[]>>;

export interface SoakFindings {
  readonly faults: SoakFaults;
  readonly alerts: number;
  readonly messages: number;
  /** Messages that arrived more than once, each time marked or with the same key. */
  readonly repeated: number;
  /** Messages that never came and are dead letters, as two attempts had no answer that tells. */
  readonly uncertain: number;
  readonly attempts: number;
}

/** The traces that a soak left. */
export interface SoakTraces {
  readonly records: readonly LogRecord[];
  readonly arrivals: readonly Arrival[];
  /** Everything that was printed. */
  readonly printed: string;
  /** Everything on disk, as text. */
  readonly stored: string;
}

interface Message extends DeliveryRequested {
  readonly position: number;
  /** Attempts after which nobody knew whether it had arrived. */
  unanswered: number;
  end?: string;
}

const MARK = /possible duplicate/i;

/** Compares the messages that arrived at the providers with the log. */
export async function auditDeliveries(traces: SoakTraces): Promise<SoakFindings> {
  const { records, arrivals, printed, stored } = traces;
  const { raised, messages, suppressed, attempts } = readLog(records);
  const faults: SoakFaults = {
    undecided: undecided(raised, messages, suppressed),
    lost: [],
    unmarked: [],
    disordered: [],
    unexplained: await unexplained(raised, records),
    unprinted: [],
    unknown: [],
    secrets: SECRETS.filter((secret) => printed.includes(secret) || stored.includes(secret)),
  };
  const found = arrivedMessages(arrivals, messages, faults.unknown);
  let uncertain = 0;
  for (const message of messages) {
    const { channel, kind, alertId, end } = message;
    const name = `${channel} ${kind} ${alertId} at position ${message.position} (${end ?? 'no end'})`;
    const counts = message.notice.level !== 'INFO' && end !== 'trigger_not_delivered';
    if (end === undefined) faults.lost.push(name);
    if (channel === 'log') {
      if (counts && !printed.includes(`alert ${alertId}`)) faults.unprinted.push(name);
      continue;
    }
    const [first, ...again] = found.get(message) ?? [];
    if (first === undefined && counts) {
      if (isUncertain(message)) uncertain += 1;
      else faults.lost.push(name);
    }
    if (first !== undefined && again.some((arrival) => !isRecognisable(arrival, first)))
      faults.unmarked.push(name);
  }
  faults.disordered.push(...disordered(arrivals, found, messages));
  const repeated = [...found.values()].filter((times) => times.length > 1).length;
  return { faults, alerts: raised.length, messages: messages.length, repeated, uncertain, attempts };
}

function readLog(records: readonly LogRecord[]) {
  const raised: AlertRaised[] = [];
  const messages = new Map<string, Message>();
  const suppressed = new Set<string>();
  let attempts = 0;
  for (const { position, event } of records) {
    if (!isAlertEvent(event)) continue;
    if (event.type === 'alert.raised') raised.push(event.data);
    if (event.type === 'alert.suppressed')
      suppressed.add(`${event.data.alertId} ${event.data.channel ?? ''}`);
    if (event.type === 'delivery.requested')
      messages.set(event.data.deliveryId, { ...event.data, position, unanswered: 0 });
    if (event.type === 'delivery.started') attempts += 1;
    const ended = 'deliveryId' in event.data ? messages.get(event.data.deliveryId) : undefined;
    if (ended === undefined) continue;
    if (event.type === 'delivery.failed' && event.data.outcome === 'ambiguous') ended.unanswered += 1;
    if (event.type === 'delivery.succeeded') ended.end = 'delivered';
    if (event.type === 'delivery.abandoned') ended.end = event.data.reason;
  }
  return { raised, messages: [...messages.values()], suppressed, attempts };
}

/** True for a dead letter of which the second attempt, too, may have arrived: what may be open at the provider is still resolved. */
function isUncertain({ end, unanswered }: Message): boolean {
  return end === 'ambiguous' && unanswered > 0;
}

function undecided(
  raised: readonly AlertRaised[],
  messages: readonly Message[],
  suppressed: ReadonlySet<string>,
): string[] {
  const requested = new Set(messages.map(({ alertId, channel }) => `${alertId} ${channel}`));
  return raised
    .filter(({ notice }) => notice.level !== 'INFO')
    .flatMap(({ alertId }) => ['log', ...PROVIDERS].map((channel) => `${alertId} ${channel}`))
    .filter((pair) => !requested.has(pair) && !suppressed.has(pair));
}

async function unexplained(raised: readonly AlertRaised[], records: readonly LogRecord[]): Promise<string[]> {
  const faults: string[] = [];
  for (const { alertId } of raised) {
    const steps = await explainAlert(inOneChunk(records), alertId);
    const requests = steps.filter(({ type }) => type === 'delivery.requested').length;
    const ends = steps.filter(({ type }) => /^delivery\.(succeeded|abandoned)$/.test(type)).length;
    const beginsWithCause = steps[0] !== undefined && !/^(alert|delivery)\./.test(steps[0].type);
    if (!beginsWithCause || steps[1]?.type !== 'alert.raised' || requests !== ends) faults.push(alertId);
  }
  return faults;
}

/** The messages that the providers accepted. Some show only which earlier one they belong to: PagerDuty's by its key, Telegram's by its number. */
function arrivedMessages(
  arrivals: readonly Arrival[],
  messages: readonly Message[],
  unknown: string[],
): Map<Message, readonly Arrival[]> {
  const byText = new Map(messages.map((message) => [textKey(message.channel, message), message]));
  const byAlert = new Map(
    messages.map((message) => [`${message.channel} ${message.alertId} ${message.kind}`, message]),
  );
  const afterUncertain = (provider: string, kind: string): Message | undefined =>
    messages
      .filter(isUncertain)
      .filter(({ channel }) => channel === provider)
      .map(({ alertId }) => byAlert.get(`${provider} ${alertId} ${kind}`))
      .find((message) => message !== undefined && !found.has(message));
  const alertOfKey = new Map<string, string>();
  const found = new Map<Message, Arrival[]>();
  for (const arrival of arrivals) {
    const number = numberIn(arrival.body);
    const kind = kindIn(arrival.body);
    const message =
      number === undefined
        ? (byAlert.get(`${arrival.provider} ${alertOfKey.get(earlierIn(arrival) ?? '') ?? ''} ${kind}`) ??
          afterUncertain(arrival.provider, kind))
        : byText.get(`${arrival.provider} ${kind} ${number}`);
    if (message === undefined) {
      unknown.push(`${arrival.provider}: ${arrival.body}`);
      continue;
    }
    for (const key of keysOf(arrival)) alertOfKey.set(key, message.alertId);
    if (arrival.accepted) found.set(message, [...(found.get(message) ?? []), arrival]);
  }
  return found;
}

function disordered(
  arrivals: readonly Arrival[],
  found: ReadonlyMap<Message, readonly Arrival[]>,
  messages: readonly Message[],
): string[] {
  const messageOf = new Map(
    [...found].flatMap(([message, times]) => times.map((arrival) => [arrival, message])),
  );
  const triggered = new Set(
    messages.filter(isUncertain).map(({ channel, alertId }) => `${channel} ${alertId}`),
  );
  const latest = new Map<string, number>();
  const faults: string[] = [];
  for (const arrival of arrivals) {
    const message = messageOf.get(arrival);
    if (message === undefined) continue;
    const { channel, fingerprint, alertId, kind, position } = message;
    const line = `${channel} ${fingerprint}`;
    if (kind === 'raised') triggered.add(`${channel} ${alertId}`);
    const untriggered = kind === 'resolved' && !triggered.has(`${channel} ${alertId}`);
    if (position < (latest.get(line) ?? 0) || untriggered) faults.push(`${line} ${kind} ${alertId}`);
    latest.set(line, Math.max(position, latest.get(line) ?? 0));
  }
  return faults;
}

function textKey(channel: string, { kind, notice }: DeliveryRequested): string {
  return `${channel} ${kind} ${numberIn(JSON.stringify(notice)) ?? ''}`;
}

function kindIn(body: string): string {
  if (/"event_action":"resolve"|"kind":"resolved"|RESOLVED · /.test(body)) return 'resolved';
  if (/"kind":"escalated"|ESCALATED to /.test(body)) return 'escalated';
  return /"kind":"repeated"|still firing ·/.test(body) ? 'repeated' : 'raised';
}

/** The keys by which later messages about the same alert refer to it. */
function keysOf({ provider, body, messageId }: Arrival): readonly string[] {
  return [dedupKeyIn(body), `${provider} ${messageId}`].filter((key) => key !== undefined);
}

/** The earlier message that one refers to. */
function earlierIn({ provider, body }: Arrival): string | undefined {
  const answered = /"reply_parameters":\{"message_id":(\d+)/.exec(body)?.[1];
  return dedupKeyIn(body) ?? (answered === undefined ? undefined : `${provider} ${answered}`);
}

function dedupKeyIn(body: string): string | undefined {
  return /"dedup_key":"(\w+)"/.exec(body)?.[1];
}

/** True when a person sees, or the provider does, that it came before. */
function isRecognisable(again: Arrival, first: Arrival): boolean {
  const key = dedupKeyIn(again.body) ?? again.idempotencyKey;
  const firstKey = dedupKeyIn(first.body) ?? first.idempotencyKey;
  return MARK.test(again.body) || (key !== undefined && key === firstKey);
}

async function* inOneChunk(records: readonly LogRecord[]): AsyncIterable<readonly LogRecord[]> {
  yield await Promise.resolve(records);
}
