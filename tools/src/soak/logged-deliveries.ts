import type { LogRecord } from '@opensqt/event-log';
import { explainAlert, isAlertEvent } from '@opensqt/observability/replay';
import type { AlertRaised, DeliveryFailed, DeliveryRequested } from '@opensqt/trading-events';
import { RECEIVERS } from './providers';

const OVERTAKEN_AFTER_MS = 60_000;

/** A message that the log says was requested, and what became of it there. */
export interface Message extends DeliveryRequested {
  readonly position: number;
  /** Attempts that failed after which nobody but the provider knew whether it had arrived. */
  leftOpen: number;
  attempts: number;
  /** `delivered`, or the reason that it is not sent any more. */
  end?: string;
  /** Wall clock, milliseconds, of the last event about it. */
  lastAt: number;
}

/** The part of a log that an audit is about. */
export interface LoggedDeliveries {
  readonly raised: readonly AlertRaised[];
  readonly messages: readonly Message[];
  /** Alert and channel, with a space. */
  readonly suppressed: ReadonlySet<string>;
}

export function readDeliveries(records: readonly LogRecord[]): LoggedDeliveries {
  const raised: AlertRaised[] = [];
  const messages = new Map<string, Message>();
  const suppressed = new Set<string>();
  for (const { position, event, committedAt } of records) {
    if (!isAlertEvent(event)) continue;
    if (event.type === 'alert.raised') raised.push(event.data);
    if (event.type === 'alert.suppressed')
      suppressed.add(`${event.data.alertId} ${event.data.channel ?? ''}`);
    if (event.type === 'delivery.requested')
      messages.set(event.data.deliveryId, {
        ...event.data,
        position,
        leftOpen: 0,
        attempts: 0,
        lastAt: 0,
      });
    const ended = 'deliveryId' in event.data ? messages.get(event.data.deliveryId) : undefined;
    if (ended === undefined) continue;
    if (event.type === 'delivery.failed' && isLeftOpen(event.data)) ended.leftOpen += 1;
    if (event.type === 'delivery.started') ended.attempts += 1;
    ended.lastAt = committedAt;
    if (event.type === 'delivery.succeeded') ended.end = 'delivered';
    if (event.type === 'delivery.abandoned') ended.end = event.data.reason;
  }
  return { raised, messages: [...messages.values()], suppressed };
}

function isLeftOpen({ outcome, interrupted = false }: DeliveryFailed): boolean {
  return outcome === 'ambiguous' && !interrupted;
}

/** True for a dead letter of which the provider left two attempts open: what may be open there is still resolved. */
export function isUncertain({ end, leftOpen }: Message): boolean {
  return end === 'ambiguous' && leftOpen > 0;
}

/** True for a message that waited for a minute without its turn, and whose alert had ended by then: nothing is sent of either. */
export function isOvertaken(message: Message, messages: readonly Message[]): boolean {
  const { end, attempts, lastAt, requestedAt, alertId, channel } = message;
  if (end !== 'superseded' || attempts > 0 || lastAt - requestedAt < OVERTAKEN_AFTER_MS) return false;
  return messages.some(
    (other) => other.kind === 'resolved' && other.alertId === alertId && other.channel === channel,
  );
}

/** The alerts and channels of which the log says neither that they are notified nor why not. */
export function undecided({ raised, messages, suppressed }: LoggedDeliveries): string[] {
  const requested = new Set(messages.map(({ alertId, channel }) => `${alertId} ${channel}`));
  return raised
    .filter(({ notice }) => notice.level !== 'INFO')
    .flatMap(({ alertId }) => ['log', 'alertmanager', ...RECEIVERS].map((channel) => `${alertId} ${channel}`))
    .filter((pair) => !requested.has(pair) && !suppressed.has(pair));
}

/** The alerts whose story `why` does not tell from its cause to the end of each message. */
export async function unexplained(
  raised: readonly AlertRaised[],
  records: readonly LogRecord[],
): Promise<string[]> {
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

async function* inOneChunk(records: readonly LogRecord[]): AsyncIterable<readonly LogRecord[]> {
  yield await Promise.resolve(records);
}
