import { duration, isTimeZone, list, scalar, text } from '@opensqt/trading-events/options';
import { z } from 'zod';
import type { QuietHours } from '../alerts/policy/stages/quiet-hours';
import { type WrittenMatchers, objectionTo } from '../alerts/policy/stages/matchers';

const HOURS = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d) (\S+)$/;

/** A condition on a label: `symbol=BTCUSDT`, or with `!=`, `=~`, `!~`. */
const matcher = scalar<string>({
  allowed: 'a matcher such as symbol=BTCUSDT, symbol=~BTC.* or condition!=strategy_panic',
  hint: { title: 'matcher', type: 'string', pattern: String.raw`^[^=!~]+(=|!=|=~|!~)` },
  read: (raw) => (typeof raw === 'string' && objectionTo([raw]) === undefined ? raw : undefined),
  explain: (raw) =>
    typeof raw === 'string' ? objectionTo([raw]) : isWritten(raw) ? objectionTo(raw) : undefined,
});

const matchers = z.preprocess(
  (raw) =>
    isWritten(raw)
      ? Object.entries(raw).map(([label, value]) => {
          const written = { [label]: String(value) };
          return objectionTo(written) === undefined ? `${label}="${written[label] ?? ''}"` : written;
        })
      : raw,
  z.array(matcher),
) as unknown as z.ZodType<readonly string[], WrittenMatchers>;

function isWritten(raw: unknown): raw is Readonly<Record<string, string>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

const quietHours = scalar<QuietHours, QuietHours | string>({
  allowed: 'HH:MM-HH:MM and a time zone, such as 22:00-07:00 Europe/Berlin',
  hint: { title: 'hours and time zone', type: 'string', pattern: HOURS.source },
  read: (raw) => {
    const [, from, to, timeZone] =
      HOURS.exec(isHours(raw) ? `${raw.from}-${raw.to} ${raw.timeZone}` : String(raw)) ?? [];
    if (from === undefined || to === undefined || timeZone === undefined || from === to) return undefined;
    return isTimeZone(timeZone) ? { from, to, timeZone } : undefined;
  },
});

function isHours(raw: unknown): raw is QuietHours {
  return (
    typeof raw === 'object' &&
    raw !== null &&
    ['from', 'to', 'timeZone'].every((key) => Object.hasOwn(raw, key)) &&
    Object.keys(raw).length === 3
  );
}

/** The alerts of single channels. */
export const routesOptions = list(
  z.strictObject({
    /** The channel's name. */
    channel: text({ allowed: 'the name of a channel that is enabled' }),
    /** The matchers of its alerts, all of which must match, by labels and `condition`: `{ symbol: 'BTCUSDT' }` or `['symbol=~BTC.*']`. Empty: any alert. */
    match: matchers.prefault([]),
    /** Nothing but CRITICAL is sent then; what still fires when they end is sent then. `22:00-07:00 Europe/Berlin` */
    quietHours: quietHours.optional(),
    /** The channel is sent CRITICAL alerts that are unacknowledged for so long, and nothing else. @unit ms */
    unacknowledgedAfter: duration({ min: '1s' }).optional(),
  }),
)
  .prefault([])
  .describe('Which alerts single channels are sent, besides their `minLevel`.');
