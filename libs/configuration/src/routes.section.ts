import { z } from 'zod';
import { duration } from './duration';
import { scalar, text } from './scalar';
import { keys } from './section';
import { isTimeZone } from './time-zone';

const LABEL = /^(\w+)=(.+)$/;
const HOURS = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d) (\S+)$/;

/** A label that an alert must have: `symbol=BTCUSDT`. */
const label = scalar<readonly [name: string, value: string]>({
  allowed: 'LABEL=VALUE, such as symbol=BTCUSDT or condition=strategy_panic',
  hint: { title: 'label=value', type: 'string', pattern: LABEL.source },
  read: (raw) => {
    const [, name, value] = (typeof raw === 'string' && LABEL.exec(raw)) || [];
    return name === undefined || value === undefined ? undefined : [name, value];
  },
});

/** A part of every day in local time: `22:00-07:00 Europe/Berlin`. */
const quietHours = scalar<{ readonly from: string; readonly to: string; readonly time_zone: string }>({
  allowed: 'HH:MM-HH:MM and a time zone, such as 22:00-07:00 Europe/Berlin',
  hint: { title: 'hours and time zone', type: 'string', pattern: HOURS.source },
  read: (raw) => {
    const [, from, to, zone] = (typeof raw === 'string' && HOURS.exec(raw)) || [];
    if (from === undefined || to === undefined || zone === undefined || from === to) return undefined;
    return isTimeZone(zone) ? { from, to, time_zone: zone } : undefined;
  },
});

/** What single channels are told of. */
export const routes = z
  .array(
    keys({
      channel: text({ allowed: 'the name of a channel that is enabled' }).describe('The channel.'),
      match: z
        .array(label)
        .prefault([])
        .describe('Labels (and `condition`) that an alert must all have. Empty: any alert.'),
      quiet_hours: quietHours
        .exactOptional()
        .describe('Nothing but CRITICAL is told then; what still fires when they end is told then.'),
      unacknowledged_after: duration({ least: 1_000 })
        .exactOptional()
        .describe(
          'Tell the channel of CRITICAL alerts that nobody has taken on for so long, and of nothing else.',
        ),
    }),
  )
  .prefault([])
  .describe('What single channels are told of, besides their `min_level`.');
