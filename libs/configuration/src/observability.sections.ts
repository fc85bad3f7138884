import { AlertLevel } from '@opensqt/trading-events';
import { alertmanager, discord, email, pagerduty, webhook } from './alert-channels.sections';
import { amount } from './amounts';
import { byteSize } from './byte-size';
import { duration } from './duration';
import { routes } from './routes.section';
import { choice, flag, httpUrl, text, wholeNumber } from './scalar';
import { section } from './section';
import { heartbeat, summary } from './self-watching.sections';

const port = wholeNumber({ min: 0, max: 65_535 });
const level = choice(Object.values(AlertLevel));

/** Where the process listens. */
export const server = section('Where `/health`, `/metrics`, the alerts API and the page are served.', {
  host: text({ allowed: 'a host name or an IP address' })
    .prefault('127.0.0.1')
    .describe('Address that is listened on; `0.0.0.0` for every interface.'),
  port: port.prefault(8080).describe('Port that is listened on; 0 takes a free one.'),
  token: text({ allowed: 'a secret text without spaces', pattern: /^\S+$/, hidden: true })
    .exactOptional()
    .describe('Bearer token for requests that change state; without one they are refused. A secret.'),
});

/** What `/metrics` shows. */
export const telemetry = section('Metrics.', {
  metrics_enabled: flag.prefault(true).describe('Whether `/metrics` is served.'),
  metrics_port: port
    .exactOptional()
    .describe('Serve `/metrics` on this port of the same host, and only there. Absent: on `server.port`.'),
  stale_after: duration({ least: 1 })
    .prefault('5m')
    .describe('Without a price for this long a market stream counts as stale in `/health`.'),
});

/** The durable record of what happened. */
export const eventLog = section('The event log, from which metrics, health and alerts can be rebuilt.', {
  kind: choice(['memory', 'sqlite', 'postgres'])
    .prefault('sqlite')
    .describe(
      'Where events are kept; `memory` forgets them when the process ends, `postgres` takes those of several processes.',
    ),
  path: text({ allowed: 'the path of a file' })
    .prefault('data/events.db')
    .describe('The SQLite file. A relative path starts from the directory in which the process was started.'),
  retention: section('When events move from the SQLite file to its archive. For `kind: sqlite` only.', {
    max_age: duration({ least: 1_000 })
      .exactOptional()
      .describe('Events older than this are archived. Absent: age is no reason.'),
    max_size: byteSize({ least: '1MB' })
      .exactOptional()
      .describe(
        'Once the file holds more than this, its oldest events are archived. Absent: size is no reason.',
      ),
    archive_path: text({ allowed: 'the path of a folder' })
      .exactOptional()
      .describe(
        'Folder of the archive: compressed files that are read as if they were still in the log. Absent: `path` with `.archive` after it.',
      ),
  }),
  url: text({
    allowed: 'the URL of a database, postgres://user:password@host:port/database',
    pattern: /^postgres(ql)?:\/\/\S+$/,
    hidden: true,
  })
    .exactOptional()
    .describe('The PostgreSQL database, for `kind: postgres`. A secret.'),
  schema: text({
    allowed: 'the name of a schema: up to 50 characters of a-z, 0-9 and _, no digit first',
    pattern: /^[a-z_][a-z0-9_]{0,49}$/,
  })
    .prefault('opensqt')
    .describe('The schema in that database; made if it is not there.'),
  writer: text({
    allowed: 'a name of up to 50 characters of A-Z, a-z, 0-9, . _ -',
    pattern: /^[\w.-]{1,50}$/,
  })
    .prefault('market-maker')
    .describe(
      'The name that this process writes to that database under. Several market makers on one database have different ones; one that is started twice is refused.',
    ),
  snapshot_events: wholeNumber({ min: 1 })
    .prefault(50_000)
    .describe('A snapshot is written after so many events: at most so many are read at a restart.'),
  snapshot_interval: duration({ least: 100 })
    .prefault('30s')
    .describe('A snapshot is written after this long, when anything was recorded.'),
});

const runbookBase = text({
  allowed: 'an http or https URL without spaces, quotes, <, >, | and \\',
  pattern: /^https?:\/\/[^\s<>"|\\]+$/,
});

/** Who is told what. */
export const alerts = section('Alerts.', {
  enabled: flag
    .prefault(true)
    .describe('False: alerts are still decided, recorded and logged, and nobody else is told.'),
  large_execution: section('The alert on large executions.', {
    threshold: amount
      .prefault('10000')
      .describe('Price × quantity, in quote currency, from which a fill is told.'),
  }),
  exchange_disconnect: section('The alert on a lost exchange connection.', {
    persistent_after: duration()
      .prefault('60s')
      .describe('After this long without a connection the alert becomes an ERROR.'),
  }),
  repeat_interval: duration({ least: 1_000 })
    .prefault('4h')
    .describe('An open alert that keeps being raised is told again after this long.'),
  burst: wholeNumber({ min: 1, max: 100 })
    .prefault(10)
    .describe(
      'Messages that a channel is told one by one within `group_window`; more become a digest, CRITICAL never.',
    ),
  group_window: duration({ least: 1_000 })
    .prefault('1m')
    .describe('The window of `burst`, and how long a digest gathers.'),
  runbook_base_url: runbookBase
    .exactOptional()
    .describe(
      'Where the pages of docs/runbooks are: messages link `<base>/<condition>.md`, or what `{condition}` in it makes.',
    ),
  retry: section('How long a message waits for its next attempt.', {
    longest_backoff: duration({ least: 250 })
      .prefault('5m')
      .describe('At most so long between two attempts: a provider that is back is noticed by then.'),
    longest_pause: duration({ least: 1_000 })
      .prefault('1h')
      .describe('At most so long when a provider asks for a pause.'),
  }),
  heartbeat,
  summary,
  routes,
  slack: section('Slack, through an incoming webhook or a bot.', {
    enabled: flag
      .prefault(false)
      .describe('Whether Slack is told. Needs `webhook_url`, or `bot_token` and `channel`.'),
    webhook_url: httpUrl('the http or https URL of an incoming webhook')
      .exactOptional()
      .describe("Slack's or a compatible gateway's URL. A secret."),
    bot_token: text({
      allowed: 'the token of a bot, which begins with xoxb-',
      pattern: /^[\x21-\x7e]+$/,
      hidden: true,
    })
      .exactOptional()
      .describe(
        'Token of a bot with the scope `chat:write`, instead of `webhook_url`: one message per alert, which changes with it. A secret.',
      ),
    channel: text({ allowed: 'the name of a channel such as "#trading-alerts", or its id', hidden: true })
      .exactOptional()
      .describe('Where the bot writes to. Overrides the channel of a webhook, where the webhook allows it.'),
    min_level: level.prefault('INFO').describe('Least level that Slack is told.'),
    api_root: httpUrl("the http or https URL of Slack's Web API")
      .prefault('https://slack.com/api')
      .describe("Slack's Web API for the bot, or a compatible gateway's."),
  }),
  telegram: section('A Telegram bot.', {
    enabled: flag.prefault(false).describe('Whether Telegram is told. Needs `bot_token` and `chat_id`.'),
    bot_token: text({ allowed: 'the token that @BotFather gave', pattern: /^\S+$/, hidden: true })
      .exactOptional()
      .describe('Token from @BotFather. A secret.'),
    chat_id: text({
      allowed: 'the number of a chat, or the @name of a channel',
      pattern: /^(-?\d{1,20}|@\w{3,64})$/,
      hidden: true,
      numbers: true,
    })
      .exactOptional()
      .describe('Chat to write to; the number of a group is negative.'),
    message_thread_id: wholeNumber({ min: 1 })
      .exactOptional()
      .describe('Topic of the group to write to. Absent: none, or the general one.'),
    min_level: level.prefault('INFO').describe('Least level that Telegram is told.'),
    api_root: httpUrl('the http or https URL of a Bot API server')
      .prefault('https://api.telegram.org')
      .describe('Bot API server, for a self-hosted one.'),
  }),
  webhook,
  pagerduty,
  discord,
  alertmanager,
  email,
});
