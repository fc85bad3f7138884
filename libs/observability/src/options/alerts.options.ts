import {
  type Objection,
  TIMER_MAX,
  duration,
  flag,
  isHttpUrl,
  scalar,
  wholeNumber,
} from '@opensqt/trading-events/options';
import { z } from 'zod';
import { MAX_BURST } from '../alerts/policy/throttle';
import { ruleOptions } from '../alerts/rules/registry';
import { type ChannelName, channelOptions } from '../channels/registry';
import { heartbeatOptions } from './heartbeat.options';
import { routesOptions } from './routes.options';
import { summaryOptions } from './summary.options';

const RUNBOOK_BASE = /^https?:\/\/[^\s<>"|\\]+$/;
const runbookBase = scalar<string>({
  allowed: 'an http or https URL without spaces, quotes, <, >, | and \\',
  hint: { title: 'text', type: 'string', pattern: RUNBOOK_BASE.source },
  read: (raw) =>
    typeof raw === 'string' && RUNBOOK_BASE.test(raw) && isHttpUrl(raw.replaceAll('{condition}', 'condition'))
      ? raw
      : undefined,
});

/** Which alerts there are, and who is notified. */
export const alertsOptions = z
  .strictObject({
    /** False: alerts are still decided, recorded and logged, and no other channel is notified. @default true */
    enabled: flag
      .prefault(true)
      .describe('False: alerts are still decided, recorded and logged, and no other channel is notified.'),
    ...ruleOptions,
    /** An open alert that keeps being raised is notified again after this long: milliseconds, or a text such as `4h`. @default '4h' */
    repeatInterval: duration({ min: '1s' })
      .prefault('4h')
      .describe('An open alert that keeps being raised is notified again after this long.'),
    /** Notifications that a channel gets one by one within `groupWindow`; more become a digest. CRITICAL never waits. @default 10 */
    burst: wholeNumber({ min: 1, max: MAX_BURST })
      .prefault(10)
      .describe(
        'Notifications that a channel gets one by one within `groupWindow`; more become a digest, CRITICAL never.',
      ),
    /** The window of `burst`, and how long a digest gathers: milliseconds, or a text such as `1m`. @default '1m' */
    groupWindow: duration({ min: '1s' })
      .prefault('1m')
      .describe('The window of `burst`, and how long a digest gathers.'),
    /** Messages link `<base>/<condition>.md`, or what `{condition}` in it makes. Absent: no links. */
    runbookBaseUrl: runbookBase
      .optional()
      .describe(
        'Where the pages of docs/runbooks are: messages link `<base>/<condition>.md`, or what `{condition}` in it makes.',
      ),
    /** The limits of a message's wait for its next attempt. */
    retry: z
      .strictObject({
        /** Longest time between two attempts; a provider that is back is noticed by then. Milliseconds, or a text. @default '5m' */
        longestBackoff: duration({ min: '250ms', max: TIMER_MAX })
          .prefault('5m')
          .describe('At most so long between two attempts: a provider that is back is noticed by then.'),
        /** Longest pause that a provider can ask for: milliseconds, or a text such as `1h`. @default '1h' */
        longestPause: duration({ min: '1s', max: TIMER_MAX })
          .prefault('1h')
          .describe('At most so long when a provider asks for a pause.'),
      })
      .prefault({})
      .describe('The limits of the wait of a message for its next attempt.'),
    /** A dead-man's switch that is requested while all is well. */
    heartbeat: heartbeatOptions,
    /** The daily summary. */
    summary: summaryOptions,
    /** No more than one per channel. @default [] */
    routes: routesOptions,
    ...channelOptions,
  })
  .prefault({})
  .describe('Alerts.');

export type ResolvedAlerts = z.output<typeof alertsOptions>;

/** The built-in channels that are enabled. */
export function enabledChannels(alerts: ResolvedAlerts): readonly ChannelName[] {
  return (Object.keys(channelOptions) as ChannelName[]).filter((name) => alerts[name].enabled);
}

/** Routes and the summary name channels that are enabled, each once. Those of an application's own are known once they are made. */
export function unknownChannels({
  alerts,
  channels = [],
}: {
  readonly alerts: ResolvedAlerts;
  readonly channels?: readonly unknown[];
}): readonly Objection[] {
  const enabled = enabledChannels(alerts);
  const misnamed = (
    names: readonly string[],
    known: readonly string[],
    object: (index: number, found: string) => Objection,
  ): readonly Objection[] =>
    names.flatMap((name, index) => {
      const isFirst = names.indexOf(name) === index;
      if (isFirst && (known.includes(name) || channels.length > 0)) return [];
      return [object(index, isFirst ? `${name}, which is not enabled` : `${name} a second time`)];
    });
  return [
    ...misnamed(
      alerts.routes.map(({ channel }) => channel),
      enabled,
      (index, found) => ({
        path: ['alerts', 'routes', index, 'channel'],
        found,
        allowed: `each enabled channel once (${enabled.join(', ') || 'none is enabled'})`,
      }),
    ),
    ...misnamed(alerts.summary.channels ?? [], ['log', ...enabled], (index, found) => ({
      path: ['alerts', 'summary', 'channels', index],
      found,
      allowed: `each of ${['log', ...enabled].join(', ')} once`,
    })),
  ];
}
