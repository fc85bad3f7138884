import { readConfiguration } from './configuration-reading';
import type { Configuration } from './configuration-schema';
import { marketMakerOptions } from './market-maker-options';
import { observabilityOptions } from './observability-options';
import { secretsOf } from './secrets';

function configured(source: string): Configuration {
  const reading = readConfiguration(source, { env: {}, unreadable: () => undefined });
  if (!reading.ok) throw new Error(JSON.stringify(reading.violations));
  return reading.configuration;
}

describe('observabilityOptions', () => {
  it('spells the sections as the module does, and leaves absent what is absent', () => {
    const options = observabilityOptions(configured(''));
    expect(options.telemetry).toEqual({
      metricsEnabled: true,
      staleAfter: 300_000,
      metricsHost: '127.0.0.1',
    });
    expect(options.alerts.slack).toEqual({
      enabled: false,
      minLevel: 'INFO',
      apiRoot: 'https://slack.com/api',
    });
    expect(options.eventLog).toMatchObject({
      kind: 'sqlite',
      path: 'data/events.db',
      snapshotInterval: 30_000,
    });
    expect(options.symbols).toEqual(['BTCUSDT', 'ETHUSDT']);
  });

  it('passes on how long events stay in the log, in milliseconds and bytes', () => {
    const options = observabilityOptions(
      configured('event_log: { retention: { max_age: 30d, max_size: 1.5GiB, archive_path: old } }'),
    );
    expect(options.eventLog.retention).toEqual({
      maxAge: 30 * 86_400_000,
      maxSize: 1.5 * 1024 ** 3,
      archivePath: 'old',
    });
  });

  it("leaves the names of the webhook's headers as they are", () => {
    const { alerts } = observabilityOptions(
      configured('alerts: { webhook: { url: "https://a.example", headers: { x_api_key: k, X-Desk: d } } }'),
    );
    expect(alerts.webhook).toEqual({
      enabled: false,
      minLevel: 'INFO',
      url: 'https://a.example',
      headers: { x_api_key: 'k', 'X-Desk': 'd' },
    });
  });

  it('passes on the bot of Slack and the topic of Telegram', () => {
    const { alerts } = observabilityOptions(
      configured(
        'alerts: { slack: { bot_token: xoxb-1, channel: "#a", api_root: "https://gw.example/api" }, telegram: { message_thread_id: 42 } }',
      ),
    );
    expect(alerts.slack).toMatchObject({
      botToken: 'xoxb-1',
      channel: '#a',
      apiRoot: 'https://gw.example/api',
    });
    expect(alerts.telegram).toMatchObject({ messageThreadId: 42 });
  });

  it("puts a /metrics of its own on the server's host", () => {
    const options = observabilityOptions(
      configured('server: { host: "::1" }\ntelemetry: { metrics_port: 9090 }'),
    );
    expect(options.telemetry).toMatchObject({ metricsPort: 9090, metricsHost: '::1' });
  });
});

describe('marketMakerOptions', () => {
  it('spells the sections as the market maker does', () => {
    const options = marketMakerOptions(
      configured(`
exchange: { latency: 5ms, maker_fee: "-0.0001", when_finished: exit, start_at: 2026-02-01T00:00:00Z }
symbols: [{ symbol: A, tick_size: "0.5", strategy: { order_notional: 100 } }]
risk: { max_position: 1000, cooldown: 2m }`),
    );
    expect(options.exchange).toMatchObject({
      latencyMs: 5,
      makerFee: '-0.0001',
      startAt: Date.UTC(2026, 1, 1),
    });
    expect(options.exchange).not.toHaveProperty('latency');
    expect(options.symbols).toMatchObject([
      { symbol: 'A', tickSize: '0.5', strategy: { orderNotional: '100' } },
    ]);
    expect(options.risk).toMatchObject({ maxPosition: '1000', cooldown: 120_000 });
    expect(options.whenFinished).toBe('exit');
  });

  it('leaves out recordings of symbols that are not traded', () => {
    const options = marketMakerOptions(
      configured('recording: [{ symbol: A, path: a }, { symbol: B, path: b }]\nsymbols: [{ symbol: B }]'),
    );
    expect(options.recording).toEqual([{ symbol: 'B', path: 'b' }]);
  });
});

describe('secretsOf', () => {
  it('are the tokens, the webhook and what of its URL lets others post', () => {
    const configuration = configured(`
server: { token: t0ken }
alerts:
  slack: { webhook_url: "https://hooks.example/services/T/B?key=v" }
  telegram: { bot_token: "1:abc", api_root: "https://user:p%40ss@gateway.example" }`);
    expect(secretsOf(configuration)).toEqual([
      'https://hooks.example/services/T/B?key=v',
      '/services/T/B?key=v',
      '/services/T/B',
      '?key=v',
      'p%40ss',
      't0ken',
      '1:abc',
      'p@ss',
    ]);
  });

  it('are the keys, passwords and addresses of every other channel', () => {
    const secrets = secretsOf(
      configured(`
alerts:
  webhook: { url: "https://desk.example/hook", secret: hmac-key, headers: { Authorization: "Bearer b-token" } }
  pagerduty: { routing_key: r-key }
  discord: { webhook_url: "https://discord.example/api/webhooks/1/tok" }
  alertmanager: { urls: ["https://ops:am-pass@am.example"] }
  email: { user: eve, password: mail-pass }
  heartbeat: { url: "https://hc.example/ping/uuid", fail_url: "https://hc.example/fail/uuid" }`),
    );
    expect(secrets).toEqual(
      expect.arrayContaining(
        ['https://desk.example/hook', '/hook', 'hmac-key', 'Bearer b-token', 'b-token', 'r-key'].concat([
          '/api/webhooks/1/tok',
          'am-pass',
          'mail-pass',
          '/ping/uuid',
          '/fail/uuid',
        ]),
      ),
    );
    expect(secrets).not.toContain('Bearer');
    expect(secrets).not.toContain('eve');
  });

  it("are the token and the gateway's password of Slack's bot", () => {
    const source =
      'alerts: { slack: { bot_token: xoxb-1-a, channel: "#a", api_root: "https://gw:pw12@gw.example" } }';
    expect(secretsOf(configured(source))).toEqual(['xoxb-1-a', 'pw12']);
  });

  it('are none in the default run', () => {
    expect(secretsOf(configured(''))).toEqual([]);
  });
});
