import {
  type Objection,
  TIMER_MAX,
  duration,
  flag,
  isHttpUrl,
  scalar,
  text,
  timeZone,
  wholeNumber,
} from '@opensqt/trading-events/options';
import { z } from 'zod';
import { MAX_FLAPPING_CHANGES } from '../alerts/model/alert-fold';
import { MAX_BURST } from '../alerts/model/delivery-fold';
import { ruleOptions } from '../alerts/rules/registry';
import { type ChannelName, channelOptions } from '../channels/registry';
import { DEFAULT_COMMAND } from '../format/format';
import { DEFAULT_TIME_ZONE } from '../format/time';
import { heartbeatOptions } from './heartbeat.options';
import { certificates, proxyAddress } from './network.options';
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

/** The alerts, and who is notified. Their messages name commands as they are typed where they are read. */
export const alertsSection = (defaultCommand: string) =>
  z
    .strictObject({
      /** False: alerts are still decided, recorded and logged, and no other channel is notified. @default true */
      enabled: flag.prefault(true),
      ...ruleOptions,
      /** An alert that stays open is notified again after this long. @unit ms @default '4h' */
      repeatInterval: duration({ min: '1s' }).prefault('4h'),
      /** Notifications that a channel gets one by one within `groupWindow`; more become a digest, CRITICAL never. @default 10 */
      burst: wholeNumber({ min: 1, max: MAX_BURST }).prefault(10),
      /** The window of `burst`, and how long a digest gathers. @unit ms @default '1m' */
      groupWindow: duration({ min: '1s' }).prefault('1m'),
      /** The limits beyond which a condition flaps: it is then one alert, sent once, until it was quiet for long enough. */
      flapping: z
        .strictObject({
          /** Changes within `window` that make a condition flap. @default 4 */
          changes: wholeNumber({ min: 2, max: MAX_FLAPPING_CHANGES }).prefault(4),
          /** The window of `changes`. @unit ms @default '10m' */
          window: duration({ min: '1s', max: '1d' }).prefault('10m'),
          /** A condition that flapped is stable, and resolved, once it was quiet for so long. @unit ms @default '5m' */
          stableFor: duration({ min: '1s', max: '1d' }).prefault('5m'),
        })
        .prefault({}),
      /** The wait, in market time, for what remains of an incident before it is sent on its own. @unit ms @default '10s' */
      incidentGrace: duration({ max: '1h' }).prefault('10s'),
      /** The zone of the times in messages, UTC or an IANA name such as Europe/Berlin. @default 'UTC' */
      timeZone: timeZone.prefault(DEFAULT_TIME_ZONE),
      /** The beginning of the commands that messages name. @default `npx opensqt` in an application, `npm run -s` in a file */
      command: text({ allowed: 'the beginning of a command', pattern: /^[\w@./ -]+$/ }).prefault(
        defaultCommand,
      ),
      /** Messages link `<base>/<condition>.md`, or what `{condition}` in it makes, for the pages of docs/runbooks. Absent: no links. */
      runbookBaseUrl: runbookBase.optional(),
      /** The limits of a message's wait for its next attempt. */
      retry: z
        .strictObject({
          /** Longest time between two attempts: a provider that is back is noticed by then. @unit ms @default '5m' */
          longestBackoff: duration({ min: '250ms', max: TIMER_MAX }).prefault('5m'),
          /** Longest pause that a provider can ask for. @unit ms @default '1h' */
          longestPause: duration({ min: '1s', max: TIMER_MAX }).prefault('1h'),
        })
        .prefault({}),
      /** The HTTP proxy of channels, heartbeat and `telemetry.otlp`; '' for none. Absent: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY` as curl reads them. */
      proxy: proxyAddress.optional(),
      /** PEM certificates of authorities that channels, heartbeat and `telemetry.otlp` trust besides Node's own. */
      ca: certificates.optional(),
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

/** {@link alertsSection} of an application that has the package of the commands. */
export const alertsOptions = alertsSection(DEFAULT_COMMAND);

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
