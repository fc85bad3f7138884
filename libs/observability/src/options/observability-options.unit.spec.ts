import type { AlertChannel } from '../channels/channel';
import { selfSignedCertificate } from '../channels/email/testing/self-signed-certificate';
import {
  type ObservabilityOptions,
  ObservabilityOptionsError,
  resolveOptions,
} from './observability-options';

function refusalOf(options: unknown): ObservabilityOptionsError {
  try {
    resolveOptions(options as ObservabilityOptions);
  } catch (error) {
    if (error instanceof ObservabilityOptionsError) return error;
    throw error;
  }
  throw new Error('They were accepted.');
}

describe('the options of the module', () => {
  it('have their defaults, durations in milliseconds', () => {
    const options = resolveOptions({});
    expect(options).toMatchObject({
      name: 'opensqt',
      telemetry: { metricsEnabled: true, metricsHost: '127.0.0.1', staleAfter: 300_000 },
      eventLog: { kind: 'memory', path: 'data/events.db', snapshotInterval: 30_000 },
      alerts: { enabled: true, repeatInterval: 14_400_000, slack: { enabled: false, minLevel: 'INFO' } },
      projections: [],
      channels: [],
      version: '0.0.0',
    });
    expect(options.clock.now()).toBeGreaterThan(Date.UTC(2026, 0, 1));
  });

  it('accept undefined for every key that is optional, as process.env gives it', () => {
    const options: ObservabilityOptions = {
      name: undefined,
      telemetry: {
        metricsEnabled: undefined,
        metricsPort: undefined,
        metricsHost: undefined,
        staleAfter: undefined,
      },
      eventLog: {
        kind: undefined,
        path: undefined,
        retention: { maxAge: undefined, maxSize: undefined, archivePath: undefined },
        url: undefined,
        writer: undefined,
      },
      alerts: {
        repeatInterval: undefined,
        heartbeat: { url: undefined, failUrl: undefined, interval: undefined },
        routes: undefined,
        slack: { enabled: undefined, webhookUrl: undefined, minLevel: undefined },
        email: undefined,
      },
      symbols: undefined,
      clock: undefined,
      apiToken: undefined,
      version: undefined,
    };
    expect(resolveOptions(options)).toMatchObject(resolveOptions({}));
  });

  it('take durations and sizes in milliseconds and bytes, or as texts with their unit', () => {
    expect(
      resolveOptions({
        alerts: { repeatInterval: '4h', groupWindow: 90_000 },
        eventLog: { kind: 'sqlite', retention: { maxAge: '30d', maxSize: '1.5GiB' } },
      }),
    ).toMatchObject({
      alerts: { repeatInterval: 14_400_000, groupWindow: 90_000 },
      eventLog: { retention: { maxAge: 30 * 86_400_000, maxSize: 1.5 * 1024 ** 3 } },
    });
  });

  it('take certificates as bundles have them, and refuse what is none', () => {
    const { cert, key } = selfSignedCertificate();
    const bundle = `# Some authority\n${cert}\r\n\nAnother\n${cert.trim()}`;
    expect(resolveOptions({ alerts: { ca: bundle } }).alerts.ca).toBe(bundle);
    for (const ca of [key, `${cert}${key}`, cert.replace(/\n.{9}/, '\n'), cert.slice(0, -30), 'x', '']) {
      const { violations, message } = refusalOf({ alerts: { ca } });
      expect(violations).toMatchObject([{ path: 'alerts.ca' }]);
      expect(message).not.toContain(cert.slice(40, 80));
    }
  });

  it.each<[unknown, string, string, string]>([
    [{ eventLog: { kind: 'sqllite' } }, 'eventLog.kind', '"sqllite"', 'did you mean sqlite?'],
    [
      { eventLog: { kind: 'sqlite', path: ':memory:' } },
      'eventLog.path',
      '":memory:"',
      'set eventLog.kind to memory',
    ],
    [{ eventLog: { kind: 'postgres' } }, 'eventLog.url', 'nothing', 'while eventLog.kind is postgres'],
    [
      { eventLog: { retention: { maxAge: '1d' } } },
      'eventLog.retention.maxAge',
      'kind memory',
      'unless eventLog.kind',
    ],
    [
      { alerts: { repeatIntervall: 1 } },
      'alerts.repeatIntervall',
      'an unknown key',
      'did you mean repeatInterval?',
    ],
    [
      { alerts: { slack: { minLevel: 'warning' } } },
      'alerts.slack.minLevel',
      '"warning"',
      'did you mean WARNING?',
    ],
    [
      { alerts: { slack: { minLevel: 'critical' } } },
      'alerts.slack.minLevel',
      '"critical"',
      'did you mean CRITICAL?',
    ],
    [{ alerts: { heartbeat: { interval: '30d' } } }, 'alerts.heartbeat.interval', '"30d"', 'up to 24.8d'],
    [
      { alerts: { heartbeat: { interval: 2 ** 31 } } },
      'alerts.heartbeat.interval',
      '2147483648',
      'up to 24.8d',
    ],
    [{ eventLog: { snapshotInterval: '25d' } }, 'eventLog.snapshotInterval', '"25d"', 'up to 24.8d'],
    [{ alerts: { retry: { longestPause: '25d' } } }, 'alerts.retry.longestPause', '"25d"', 'up to 24.8d'],
    [{ alerts: { runbookBaseUrl: 'a|b' } }, 'alerts.runbookBaseUrl', '"a|b"', 'an http or https URL'],
    [
      { alerts: { heartbeat: { failUrl: 'https://a/s3cr3t' } } },
      'alerts.heartbeat.url',
      'nothing',
      'alerts.heartbeat.failUrl',
    ],
    [
      { alerts: { routes: [{ channel: 'slack' }] } },
      'alerts.routes[0].channel',
      'slack, which is not enabled',
      'once',
    ],
    [
      { alerts: { summary: { channels: ['chat'] } } },
      'alerts.summary.channels[0]',
      'chat, which',
      'each of log once',
    ],
    [
      { alerts: { slack: { enabled: true } } },
      'alerts.slack.webhookUrl',
      'nothing',
      'or botToken and channel',
    ],
    [
      { alerts: { slack: { enabled: true, botToken: 's3cr3t' } } },
      'alerts.slack.channel',
      'nothing',
      'while botToken',
    ],
    [
      { alerts: { webhook: { enabled: true } } },
      'alerts.webhook.url',
      'nothing',
      'alerts.webhook.enabled is true',
    ],
    [
      { alerts: { telegram: { messageThreadId: 0.5 } } },
      'alerts.telegram.messageThreadId',
      '0.5',
      'a whole number',
    ],
    [{ clock: Date }, 'clock', 'a function', 'a clock'],
    [{ channels: ['sms'] }, 'channels[0]', '"sms"', 'the class of a channel'],
    [{ apiToken: 's3cr3t s3cr3t' }, 'apiToken', '(hidden)', 'a secret text'],
    [{ alert: {} }, 'alert', 'an unknown key', 'did you mean alerts?'],
    [null, '', 'nothing', 'an object with options'],
  ])('are refused as %j', (options, path, found, allowed) => {
    const { violations, message, code } = refusalOf(options);
    expect(violations).toEqual([
      { path, found: expect.stringContaining(found), allowed: expect.stringContaining(allowed) },
    ]);
    expect(code).toBe('OPTIONS_INVALID');
    expect(message).not.toContain('s3cr3t');
  });

  it('are refused with every violation at once, and without a secret', () => {
    const { message, violations } = refusalOf({
      alerts: {
        webhook: { enabled: true, url: 'desk/s3cr3t' },
        pagerduty: { enabled: true, apiRoot: 'ftp://s3cr3t' },
        email: { enabled: true, to: ['s3cr3t'] },
        slack: { enabled: true, botToken: 's3cr3t', channel: '#a', webhookUrl: 'https://a/s3cr3t' },
        burst: 0,
      },
      telemetry: { metricsPort: -1 },
    });
    expect(violations.map(({ path }) => path)).toEqual([
      'telemetry.metricsPort',
      'alerts.burst',
      'alerts.webhook.url',
      'alerts.pagerduty.apiRoot',
      'alerts.email.to[0]',
      'alerts.slack.botToken',
      'alerts.pagerduty.routingKey',
      'alerts.email.host',
      'alerts.email.from',
    ]);
    expect(message).toContain('alerts.burst: found 0; allowed: a whole number from 1 up to 100');
    expect(message).not.toContain('s3cr3t');
  });

  it('are refused with everything that is wrong with the rules, beside the rest', () => {
    const decide = (): undefined => undefined;
    const { violations } = refusalOf({
      alerts: { burst: 0 },
      rules: [
        { condition: 'bad name!', handles: ['order.fillled', 'nope'], decide: 3 },
        { condition: 'strategy_panic', handles: ['order.filled'], decide },
        { condition: 'order_rejected', handles: ['order.rejected'], decide },
        { condition: 'order_rejected', decide },
      ],
    });
    expect(violations.map(({ path, found, allowed }) => `${path} ${found} ${allowed}`)).toEqual([
      expect.stringContaining('alerts.burst 0'),
      'rules[0].condition "bad name!" a name of up to 64 characters of a-z, 0-9 and _, a letter first',
      'rules[0].handles[0] "order.fillled" an event type of docs/events.md (did you mean order.filled?)',
      'rules[0].handles[1] "nope" an event type of docs/events.md',
      'rules[0].decide 3 a function, or absent beside a memory',
      'rules[1].condition "strategy_panic" a name that no built-in condition has',
      'rules[3].condition "order_rejected" a name that no rule before it has',
      'rules[3].handles nothing a list of event types',
    ]);
    expect(refusalOf({ rules: ['x', { condition: '' }] }).violations[0]).toMatchObject({ path: 'rules[0]' });
  });

  it('name an own channel in a route without knowing it: it is looked for when it is made', () => {
    class SmsChannel implements AlertChannel {
      readonly name = 'sms';
      async send(): Promise<void> {}
    }
    const { alerts } = resolveOptions({
      channels: [SmsChannel],
      alerts: { routes: [{ channel: 'sms', match: ['symbol=A'], quietHours: '22:00-07:00 UTC' }] },
    });
    expect(alerts.routes).toEqual([
      { channel: 'sms', match: ['symbol=A'], quietHours: { from: '22:00', to: '07:00', timeZone: 'UTC' } },
    ]);
    expect(resolveOptions({ channels: [SmsChannel], alerts }).alerts).toEqual(alerts);
  });
});
