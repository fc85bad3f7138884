import { formatPath, overlaps } from './key-path';
import type { LocatedViolation } from './schema-violations';
import type { WrittenConfiguration } from './configuration-schema';

/** What a rule objects to, before the path is written out. */
type Objection = Omit<LocatedViolation, 'path'>;

/** Why a file can't be read; undefined when it can. */
type FileProbe = (path: string) => string | undefined;

/** A rule about several keys, or about the files that they name. */
interface Rule {
  /** The keys it looks at: while one of them is wrong by itself there is nothing to say about them together. */
  readonly reads: readonly string[];
  check(configuration: WrittenConfiguration, unreadable: FileProbe): readonly Objection[];
}

/** What each channel cannot do without. */
const NEEDED = {
  telegram: ['bot_token', 'chat_id'],
  webhook: ['url'],
  pagerduty: ['routing_key'],
  discord: ['webhook_url'],
  alertmanager: ['urls'],
  email: ['host', 'from', 'to'],
} as const satisfies Partial<Record<keyof WrittenConfiguration['alerts'], readonly string[]>>;

const RULES: readonly Rule[] = [
  {
    reads: ['event_log.kind', 'event_log.url'],
    check: ({ event_log: { kind, url } }) =>
      kind === 'postgres' && url === undefined
        ? [
            {
              keyPath: ['event_log', 'url'],
              found: 'nothing',
              allowed: 'the URL of a database while event_log.kind is postgres, such as ${DATABASE_URL}',
            },
          ]
        : [],
  },
  {
    reads: ['event_log.kind', 'event_log.retention'],
    check: ({ event_log: { kind, retention } }) =>
      kind === 'sqlite'
        ? []
        : Object.keys(retention).map((key) => ({
            keyPath: ['event_log', 'retention', key],
            found: `the key, for a log of kind ${kind}, which has no archive`,
            allowed: 'no such key unless event_log.kind is sqlite',
          })),
  },
  ...Object.entries(NEEDED).flatMap(([channel, keys]) =>
    keys.map((key) => neededBy(channel as keyof typeof NEEDED, key)),
  ),
  {
    reads: [
      'alerts.slack.enabled',
      'alerts.slack.webhook_url',
      'alerts.slack.bot_token',
      'alerts.slack.channel',
    ],
    check: ({ alerts }) => slackTransport(alerts.slack),
  },
  {
    reads: ['server.port', 'telemetry.metrics_port', 'telemetry.metrics_enabled'],
    check: ({ server, telemetry }) =>
      telemetry.metrics_enabled && telemetry.metrics_port === server.port && server.port !== 0
        ? [
            {
              keyPath: ['telemetry', 'metrics_port'],
              found: `${server.port}, which is server.port too`,
              allowed: 'another port, or no such key to have /metrics on server.port',
            },
          ]
        : [],
  },
  {
    reads: ['exchange.source', 'recording'],
    check: ({ exchange, recording }) =>
      exchange.source === 'recording' && recording.length === 0
        ? [
            {
              keyPath: ['recording'],
              found: 'no recording',
              allowed: 'at least one entry with symbol and path while exchange.source is recording',
            },
          ]
        : [],
  },
  { reads: ['exchange.source', 'recording'], check: unreadableRecordings },
  { reads: ['symbols'], check: ({ symbols = [] }) => duplicates(symbols.map(({ symbol }) => symbol)) },
  {
    reads: ['symbols'],
    check: ({ symbols }) =>
      symbols?.length === 0
        ? [{ keyPath: ['symbols'], found: 'an empty list', allowed: 'at least one symbol, or no such key' }]
        : [],
  },
  { reads: ['exchange.source', 'recording', 'symbols'], check: unrecorded },
  { reads: ['alerts'], check: unknownRoutes },
  { reads: ['alerts'], check: unknownSummaryChannels },
  {
    reads: ['alerts.heartbeat.url', 'alerts.heartbeat.fail_url'],
    check: ({ alerts: { heartbeat } }) =>
      heartbeat.url === undefined && heartbeat.fail_url !== undefined
        ? [
            {
              keyPath: ['alerts', 'heartbeat', 'url'],
              found: 'nothing',
              allowed: 'the URL of a dead-man’s switch while alerts.heartbeat.fail_url is given',
            },
          ]
        : [],
  },
];

/**
 * Everything that is wrong between keys.
 *
 * @param configuration what was written; keys that are wrong by themselves have their defaults
 * @param broken the paths of those keys
 */
export function ruleViolations(
  configuration: WrittenConfiguration,
  broken: readonly string[],
  unreadable: FileProbe,
): readonly LocatedViolation[] {
  return RULES.filter(({ reads }) => !reads.some((key) => broken.some((path) => overlaps(key, path))))
    .flatMap((rule) => rule.check(configuration, unreadable))
    .map((objection) => ({ ...objection, path: formatPath(objection.keyPath) }));
}

/** A channel that is enabled needs the key; an empty list is none. */
function neededBy(channel: keyof typeof NEEDED, key: string): Rule {
  const name = `alerts.${channel}`;
  return {
    reads: [`${name}.enabled`, `${name}.${key}`],
    check: ({ alerts }) => {
      const { enabled, ...keys }: { readonly enabled: boolean; readonly [key: string]: unknown } =
        alerts[channel];
      const value = keys[key];
      if (!enabled || (value !== undefined && !(Array.isArray(value) && value.length === 0))) return [];
      return [
        {
          keyPath: ['alerts', channel, key],
          found: 'nothing',
          allowed: `a value while ${name}.enabled is true; otherwise set ${name}.enabled to false`,
        },
      ];
    },
  };
}

function duplicates(symbols: readonly string[]): readonly Objection[] {
  return symbols.flatMap((symbol, index) =>
    symbols.indexOf(symbol) < index
      ? [
          {
            keyPath: ['symbols', index, 'symbol'],
            found: `${symbol} a second time`,
            allowed: 'each symbol once',
          },
        ]
      : [],
  );
}

/** Slack is told through one of two: a webhook, which has a channel, or a bot, which needs to be given one. */
function slackTransport({
  enabled,
  webhook_url: webhook,
  bot_token: token,
  channel,
}: WrittenConfiguration['alerts']['slack']): readonly Objection[] {
  const object = (key: string, found: string, allowed: string): readonly Objection[] => [
    { keyPath: ['alerts', 'slack', key], found, allowed },
  ];
  if (!enabled) return [];
  if (webhook !== undefined && token !== undefined) {
    return object('bot_token', 'a token beside webhook_url', 'one of the two: a webhook, or a bot');
  }
  if (token !== undefined && channel === undefined) {
    return object('channel', 'nothing', 'the channel that the bot writes to while bot_token is given');
  }
  if (webhook !== undefined || token !== undefined) return [];
  return object(
    'webhook_url',
    'nothing',
    'a value while alerts.slack.enabled is true, such as ${SLACK_WEBHOOK_URL}, or bot_token and channel',
  );
}

/** A channel is what has an `enabled` of its own. */
function enabledChannels(alerts: WrittenConfiguration['alerts']): readonly string[] {
  return Object.entries(alerts)
    .filter(([, part]) => typeof part === 'object' && 'enabled' in part && part.enabled)
    .map(([name]) => name);
}

function unknownSummaryChannels({ alerts }: WrittenConfiguration): readonly Objection[] {
  const known = ['log', ...enabledChannels(alerts)];
  const { channels = [] } = alerts.summary;
  return channels.flatMap((channel, index) => {
    const isFirst = channels.indexOf(channel) === index;
    if (known.includes(channel) && isFirst) return [];
    const found = isFirst ? `${channel}, which is not enabled` : `${channel} a second time`;
    const keyPath = ['alerts', 'summary', 'channels', index];
    return [{ keyPath, found, allowed: `each of ${known.join(', ')} once` }];
  });
}

function unknownRoutes({ alerts }: WrittenConfiguration): readonly Objection[] {
  const enabled = enabledChannels(alerts);
  return alerts.routes.flatMap(({ channel }, index) => {
    const isFirst = alerts.routes.findIndex((route) => route.channel === channel) === index;
    if (enabled.includes(channel) && isFirst) return [];
    const found = isFirst ? `${channel}, which is not enabled` : `${channel} a second time`;
    const allowed = `each enabled channel once (${enabled.join(', ') || 'none is enabled'})`;
    return [{ keyPath: ['alerts', 'routes', index, 'channel'], found, allowed }];
  });
}

function unreadableRecordings(
  { exchange, recording }: WrittenConfiguration,
  unreadable: FileProbe,
): readonly Objection[] {
  if (exchange.source !== 'recording') return [];
  return recording.flatMap(({ path }, index) => {
    const problem = unreadable(path);
    const keyPath = ['recording', index, 'path'];
    const allowed = "a file that can be read; a relative path starts from the configuration file's folder";
    return problem === undefined ? [] : [{ keyPath, found: `${JSON.stringify(path)}, ${problem}`, allowed }];
  });
}

function unrecorded({ exchange, recording, symbols = [] }: WrittenConfiguration): readonly Objection[] {
  if (exchange.source !== 'recording' || recording.length === 0) return [];
  const recorded = new Set(recording.map(({ symbol }) => symbol));
  return symbols.flatMap(({ symbol }, index) =>
    recorded.has(symbol)
      ? []
      : [
          {
            keyPath: ['symbols', index, 'symbol'],
            found: `${symbol}, which has no recording`,
            allowed: `one of ${[...recorded].join(', ')}, or a further entry in recording`,
          },
        ],
  );
}
