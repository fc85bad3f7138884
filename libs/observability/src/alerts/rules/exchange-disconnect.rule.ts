import { type ExchangeDisconnected, AlertLevel, formatDuration } from '@opensqt/trading-events';
import { duration } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { defineRule } from './alert-rule';
import { formatTime } from '../../format/format';

const options = {
  /** The alert on a lost exchange connection. */
  exchangeDisconnect: z
    .strictObject({
      /** A disconnect that lasts this long becomes an ERROR: milliseconds, or a text such as `60s`. @default '60s' */
      persistentAfter: duration()
        .prefault('60s')
        .describe('After this long without a connection the alert becomes an ERROR.'),
    })
    .prefault({})
    .describe('The alert on a lost exchange connection.'),
};

/**
 * A connection was lost: WARNING while it is being got back, ERROR once that has lasted `persistentAfter`, or at once when
 * nobody is trying.
 */
export const exchangeDisconnect = defineRule({
  condition: 'exchange_disconnect',
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
          ? `${reason}. Reconnecting; this becomes an ERROR after ${formatDuration(persistentAfter)}. ${consequence(stream)}`
          : `${reason}. Nobody is reconnecting: it stays down until somebody acts. ${consequence(stream)}`,
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
          Downtime: formatDuration(downtimeMs),
          Attempts: String(attempts),
        },
      };
    }
    return undefined;
  },
  persists({ labels: { exchange = '', stream = '' }, fields, since }, now) {
    return {
      title: `Exchange still disconnected: ${exchange} (${stream} stream)`,
      message: `Down for ${formatDuration(now - since)} and not back: ${fields['Reason'] ?? 'no reason given'}. Check the venue's status and this machine's network.`,
      fields: { ...fields, 'Down since': formatTime(since) },
    };
  },
});

function consequence(stream: ExchangeDisconnected['stream']): string {
  return stream === 'market'
    ? 'No prices come in meanwhile, so nothing is quoted.'
    : 'Fills and cancels are not seen meanwhile.';
}
