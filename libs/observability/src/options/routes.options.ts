import { duration, isTimeZone, list, scalar, text } from '@opensqt/trading-events/options';
import { z } from 'zod';

const LABEL = /^(\w+)=(.+)$/;
const HOURS = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d) (\S+)$/;

/** Labels that an alert must have, as names with values. */
type Labels = Readonly<Record<string, string>>;

/** A label that an alert must have: `symbol=BTCUSDT`. */
const label = scalar<readonly [name: string, value: string], string>({
  allowed: 'LABEL=VALUE, such as symbol=BTCUSDT or condition=strategy_panic',
  hint: { title: 'label=value', type: 'string', pattern: LABEL.source },
  read: (raw) => {
    const [, name, value] = (typeof raw === 'string' && LABEL.exec(raw)) || [];
    return name === undefined || value === undefined ? undefined : [name, value];
  },
});

const labels = z
  .preprocess(
    (raw) =>
      typeof raw === 'object' && raw !== null && !Array.isArray(raw)
        ? Object.entries(raw).map(([name, value]) => `${name}=${value}`)
        : raw,
    z.array(label),
  )
  .transform((entries): Labels => Object.fromEntries(entries)) as unknown as z.ZodType<
  Labels,
  Labels | readonly string[]
>;

/** A part of every day, in some place's local time. */
export interface QuietHours {
  /** `HH:MM`; may be later than `to`, over midnight. */
  readonly from: string;
  readonly to: string;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
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
    channel: text({ allowed: 'the name of a channel that is enabled' }).describe('The channel.'),
    /** Labels (and `condition`) that an alert must all have: `{ symbol: 'BTCUSDT' }` or `['symbol=BTCUSDT']`. @default any alert */
    match: labels
      .prefault([])
      .describe('Labels (and `condition`) that an alert must all have. Empty: any alert.'),
    /** Nothing but CRITICAL is sent then; what still fires when they end is sent then. `22:00-07:00 Europe/Berlin` as a text. */
    quietHours: quietHours
      .optional()
      .describe('Nothing but CRITICAL is sent then; what still fires when they end is sent then.'),
    /** The channel is sent CRITICAL alerts that are unacknowledged for so long, and nothing else: milliseconds, or a text. */
    unacknowledgedAfter: duration({ min: '1s' })
      .optional()
      .describe('Send the channel CRITICAL alerts that are unacknowledged for so long, and nothing else.'),
  }),
)
  .prefault([])
  .describe('Which alerts single channels are sent, besides their `minLevel`.');
