import type { DeliveryRequested } from '@opensqt/trading-events';
import type { Arrival } from './flaky-provider';
import { type Message, isUncertain } from './logged-deliveries';
import { numberIn } from './trouble';

const MARK = /possible duplicate/i;

/** The messages that the receivers accepted. Some show only which earlier one they belong to: PagerDuty's by its key, Telegram's by its number. */
export function arrivedMessages(
  arrivals: readonly Arrival[],
  messages: readonly Message[],
  unknown: string[],
): Map<Message, readonly Arrival[]> {
  const byText = new Map(messages.map((message) => [`${message.channel} ${contentOf(message)}`, message]));
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

/** The messages that arrived after what came later, or before what they are about. */
export function disordered(
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
    if (kind !== 'resolved') triggered.add(`${channel} ${alertId}`);
    const untriggered = kind === 'resolved' && !triggered.has(`${channel} ${alertId}`);
    if (position < (latest.get(line) ?? 0) || untriggered) faults.push(`${line} ${kind} ${alertId}`);
    latest.set(line, Math.max(position, latest.get(line) ?? 0));
  }
  return faults;
}

/** The words of a message: the same on every channel, and said by no other. */
export function contentOf({ kind, notice }: DeliveryRequested): string {
  return `${kind} ${numberIn(JSON.stringify(notice)) ?? ''}`;
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
export function isRecognisable(again: Arrival, first: Arrival): boolean {
  const key = dedupKeyIn(again.body) ?? again.idempotencyKey;
  const firstKey = dedupKeyIn(first.body) ?? first.idempotencyKey;
  return MARK.test(again.body) || (key !== undefined && key === firstKey);
}
