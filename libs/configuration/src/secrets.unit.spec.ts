import { readConfiguration } from './configuration-reading';
import { type Configuration, secretsOf } from './configuration-schema';

function configured(source: string): Configuration {
  const reading = readConfiguration(source, { env: {}, unreadable: () => undefined });
  if (!reading.ok) throw new Error(JSON.stringify(reading.violations));
  return reading.configuration;
}

describe('secretsOf', () => {
  it('are the tokens, the webhook and what of its URL lets others post', () => {
    const configuration = configured(`
server: { token: t0ken, tokens: [{ name: eve, token: eves-token, role: operate }] }
alerts:
  slack: { webhook_url: "https://hooks.example/services/T/B?key=v" }
  telegram: { bot_token: "1:abc", api_root: "https://user:p%40ss@gateway.example" }`);
    expect(secretsOf(configuration)).toEqual([
      'https://hooks.example/services/T/B?key=v',
      '/services/T/B?key=v',
      '/services/T/B',
      'eves-token',
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

  it('are the headers of the export', () => {
    const source =
      'telemetry: { otlp: { endpoint: "https://eve:pw12@otlp.example", headers: { X-Key: k3y1 } } }';
    expect(secretsOf(configured(source))).toEqual(['pw12', 'k3y1']);
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
