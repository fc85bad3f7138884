import type { LogRecord } from '@opensqt/event-log';
import { strayAlerts } from './alertmanager-audit';
import { arrivedMessages, contentOf, disordered, isRecognisable } from './arrived-messages';
import type { ShownAlert } from './flaky-alertmanager';
import type { Arrival } from './flaky-provider';
import {
  type Message,
  isOvertaken,
  isUncertain,
  readDeliveries,
  undecided,
  unexplained,
} from './logged-deliveries';
import { RECEIVERS, SECRETS } from './providers';

/** The faults that a soak may find. */
export const FAULTS = {
  undecided: 'alerts without a decision for a channel',
  lost: 'messages that never came, or have no end',
  untold: 'dead letters that no other channel told',
  unmarked: 'messages that came again unmarked',
  disordered: 'messages out of order',
  stray: 'alerts open or at Alertmanager, and not both',
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
  /** Messages that never came, since the receiver left two attempts open, and that somebody was told of. */
  readonly deadLetters: number;
  /** Messages that were not sent, since their alert had ended before their turn came. */
  readonly overtaken: number;
  readonly attempts: number;
}

/** The traces that a soak left. */
export interface SoakTraces {
  readonly records: readonly LogRecord[];
  readonly arrivals: readonly Arrival[];
  readonly shown: readonly ShownAlert[];
  readonly printed: string;
  /** Everything on disk, as text. */
  readonly stored: string;
}

/** Compares the messages that the receivers got with the log. */
export async function auditDeliveries(traces: SoakTraces): Promise<SoakFindings> {
  const { records, arrivals, shown, printed, stored } = traces;
  const logged = readDeliveries(records);
  const { raised, messages } = logged;
  const faults: SoakFaults = {
    undecided: undecided(logged),
    lost: [],
    untold: [],
    unmarked: [],
    disordered: [],
    stray: strayAlerts(records, shown),
    unexplained: await unexplained(raised, records),
    unprinted: [],
    unknown: [],
    secrets: SECRETS.filter((secret) => printed.includes(secret) || stored.includes(secret)),
  };
  const found = arrivedMessages(arrivals, messages, faults.unknown);
  let deadLetters = 0;
  let overtaken = 0;
  for (const message of messages) {
    const { channel, kind, alertId, end } = message;
    const name = `${channel} ${kind} ${alertId} at position ${message.position} (${end ?? 'no end'})`;
    const counts = message.notice.level !== 'INFO' && end !== 'trigger_not_delivered';
    if (end === undefined) faults.lost.push(name);
    if (channel === 'log' && counts && !printed.includes(`alert ${alertId}`)) faults.unprinted.push(name);
    if (!RECEIVERS.some((receiver) => receiver === channel)) continue;
    const [first, ...again] = found.get(message) ?? [];
    if (first === undefined && counts) {
      if (isOvertaken(message, messages)) overtaken += 1;
      else if (!isUncertain(message)) faults.lost.push(name);
      else if (isToldElsewhere(message, found)) deadLetters += 1;
      else faults.untold.push(name);
    }
    if (first !== undefined && again.some((arrival) => !isRecognisable(arrival, first)))
      faults.unmarked.push(name);
  }
  faults.disordered.push(...disordered(arrivals, found, messages));
  const repeated = [...found.values()].filter((times) => times.length > 1).length;
  const attempts = messages.reduce((sum, message) => sum + message.attempts, 0);
  const counts = { alerts: raised.length, messages: messages.length, attempts };
  return { faults, ...counts, repeated, deadLetters, overtaken };
}

/** True where another receiver accepted what a message says. */
function isToldElsewhere(message: Message, found: ReadonlyMap<Message, unknown>): boolean {
  return [...found.keys()].some(
    (other) =>
      other.channel !== message.channel &&
      other.alertId === message.alertId &&
      contentOf(other) === contentOf(message),
  );
}
