import type { AlertEvent } from '../events/alerts.events';
import type { CatalogueEntry } from './catalogue-entry';
import { flag, oneOf, optional, record } from './field-rules';
import { count, deadline, duration, time } from './number-rules';
import { id, label, text } from './text-rules';

type AlertCatalogue = {
  readonly [Type in AlertEvent['type']]: CatalogueEntry<Extract<AlertEvent, { type: Type }>['data']>;
};

const reference = { alertId: id, fingerprint: text, condition: label };
const delivery = { deliveryId: id, alertId: id, channel: label };
const level = oneOf('INFO', 'WARNING', 'ERROR', 'CRITICAL');
const inLog = { source: 'alerts', version: 1, kept: 'log' } as const;

/** The events of the alerts themselves. Only the alert service writes them: from the emitter they are refused. */
export const alerts: AlertCatalogue = {
  'alert.raised': {
    ...inLog,
    fact: 'A condition holds that a person should know of.',
    fields: {
      ...reference,
      labels: record,
      notice: record,
      oneOff: flag,
      incidentId: optional(id),
      escalatesAt: optional(deadline),
    },
  },
  'alert.escalated': {
    ...inLog,
    fact: 'An open alert became more severe.',
    fields: { ...reference, previousLevel: level, notice: record },
  },
  'alert.suppressed': {
    ...inLog,
    fact: 'A notification was not sent, and why.',
    fields: {
      ...reference,
      reason: oneOf(
        'duplicate',
        'silenced',
        'not_matched',
        'below_channel_level',
        'quiet_hours',
        'awaiting_acknowledgement',
        'part_of_incident',
        'acknowledged',
        'flapping',
        'not_due',
        'throttled',
        'grouped',
        'superseded',
        'channel_removed',
        'trigger_not_delivered',
      ),
      level: optional(level),
      channel: optional(label),
      until: optional(deadline),
      holds: optional(flag),
      notice: optional(record),
    },
  },
  'alert.acknowledged': {
    ...inLog,
    fact: 'A person acknowledged an open alert.',
    fields: { ...reference, by: text, note: optional(text) },
  },
  'alert.resolved': {
    ...inLog,
    fact: 'The condition of an open alert no longer holds.',
    fields: { ...reference, reason: text, notice: record },
  },
  'silence.created': {
    ...inLog,
    fact: 'Alerts that match are not notified for a while.',
    fields: {
      silenceId: id,
      matchers: record,
      startsAt: optional(deadline),
      until: deadline,
      reason: text,
      by: text,
    },
  },
  'silence.expired': { ...inLog, fact: 'A silence ended.', fields: { silenceId: id, by: optional(text) } },
  'summary.closed': {
    ...inLog,
    fact: 'The day that a summary is about ended: what comes after it in the log belongs to the next one.',
    fields: { summaryId: id, dueAt: deadline },
  },
  'channel.tested': {
    ...inLog,
    fact: 'Somebody sent a test message through a channel.',
    fields: { channel: label, delivered: flag, detail: text, by: text },
  },
  'incident.planned': {
    ...inLog,
    fact: 'A person said that what happened in that time was planned.',
    fields: { from: time, to: deadline, reason: text, by: text },
  },
  'delivery.requested': {
    ...inLog,
    fact: 'A channel is to send a notification.',
    fields: {
      ...delivery,
      fingerprint: text,
      kind: oneOf(
        'raised',
        'escalated',
        'flapping',
        'repeated',
        'acknowledged',
        'resolved',
        'digest',
        'summary',
        'test',
      ),
      notice: record,
      requestedAt: time,
      labels: optional(record),
      incidentId: optional(id),
      resendOf: optional(id),
      digest: optional(record),
    },
  },
  'delivery.started': {
    ...inLog,
    fact: 'An attempt to deliver is about to leave.',
    fields: { ...delivery, attempt: count, startedAt: time },
  },
  'delivery.succeeded': {
    ...inLog,
    fact: 'The provider accepted the message.',
    fields: { ...delivery, attempt: count, latencyMs: duration, reference: optional(text) },
  },
  'delivery.failed': {
    ...inLog,
    version: 2,
    fact: 'An attempt failed and will be made again.',
    fields: {
      ...delivery,
      attempt: count,
      outcome: oneOf('ambiguous', 'rate_limited', 'transient', 'rejected', 'too_large', 'broken'),
      detail: text,
      nextAttemptAt: deadline,
      interrupted: optional(flag),
      pausedUntil: optional(deadline),
    },
  },
  'delivery.abandoned': {
    ...inLog,
    version: 2,
    fact: 'A message will not be delivered: a dead letter.',
    fields: {
      ...delivery,
      attempt: count,
      reason: oneOf(
        'rejected',
        'too_large',
        'broken',
        'ambiguous',
        'expired',
        'trigger_not_delivered',
        'channel_removed',
        'superseded',
      ),
      detail: text,
    },
  },
};
