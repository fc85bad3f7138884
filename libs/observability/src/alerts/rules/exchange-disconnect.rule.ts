import { type ExchangeDisconnected, AlertLevel, formatDuration } from '@opensqt/trading-events';
import { duration } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { sentence } from '../../format/format';
import { defineRule } from './alert-rule';
import { formatDateTime } from '../../format/time';

const options = {
  /** The alert on a lost exchange connection. */
  exchangeDisconnect: z
    .strictObject({
      /** After this long without a connection the alert becomes an ERROR. @unit ms @default '60s' */
      persistentAfter: duration().prefault('60s'),
    })
    .prefault({}),
};

/**
 * A connection was lost: WARNING while it is being got back, ERROR once that has lasted `persistentAfter`, or at once when
 * nobody is trying.
 */
export const exchangeDisconnect = defineRule({
  condition: 'exchange_disconnect',
  levels: [AlertLevel.Warning, AlertLevel.Error],
  documentation: {
    raisedBy: '`exchange.disconnected`',
    level:
      'WARNING while reconnecting; ERROR once that has lasted `persistent_after` (60 s), or at once when nobody reconnects',
    resolvedBy: '`exchange.reconnected`',
    about: 'exchange, stream',
  },
  options,
  handles: ['exchange.disconnected', 'exchange.reconnected'],
  decide(event, { exchangeDisconnect: { persistentAfter } }) {
    if (event.type === 'exchange.disconnected') {
      const { exchange, stream, reason, reconnecting } = event.data;
      return {
        verdict: 'raise',
        labels: { exchange, stream },
        level: reconnecting ? AlertLevel.Warning : AlertLevel.Error,
        ...(reconnecting ? { escalatesAt: event.occurredAt + persistentAfter } : {}),
        title: `Exchange disconnected: ${exchange} (${stream} stream)`,
        message: reconnecting
          ? `${sentence(reason)} Reconnecting; this becomes an ERROR after ${formatDuration(persistentAfter)}. ${consequence(stream)}`
          : `${sentence(reason)} It is not being reconnected: it stays down until somebody acts. ${consequence(stream)}`,
        fields: {
          Exchange: exchange,
          Stream: stream,
          Reason: reason,
          Reconnecting: reconnecting ? 'yes' : 'no',
        },
      };
    }
    if (event.type === 'exchange.reconnected') {
      const { exchange, stream, downtimeMs, attempts } = event.data;
      return {
        verdict: 'resolve',
        labels: { exchange, stream },
        title: `Exchange reconnected: ${exchange} (${stream} stream)`,
        message: `Back after ${formatDuration(downtimeMs)} and ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}.`,
        fields: {
          Exchange: exchange,
          Stream: stream,
          Reconnecting: 'done',
          Downtime: formatDuration(downtimeMs),
          Attempts: String(attempts),
        },
      };
    }
    return undefined;
  },
  persists({ labels: { exchange = '', stream = '' }, fields, since }, now, { timeZone }) {
    return {
      title: `Exchange still disconnected: ${exchange} (${stream} stream)`,
      message: `Down for ${formatDuration(now - since)} and not back: ${sentence(fields['Reason'] ?? 'no reason given')} Check the venue's status and this machine's network.`,
      fields: { ...fields, 'Down since': formatDateTime(since, timeZone) },
    };
  },
});

function consequence(stream: ExchangeDisconnected['stream']): string {
  return stream === 'market'
    ? 'Until then no prices are received, and nothing is quoted without them.'
    : 'Until then fills and cancels are not seen.';
}
