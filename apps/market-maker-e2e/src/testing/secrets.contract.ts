import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { Workplace } from './market-maker-process';

const BOT_TOKEN = '998877:AAbot-token-that-nobody-sees';
const WEBHOOK_PATH = '/services/T0SECRET/B0SECRET/webhook-that-nobody-sees';
const SERVER_TOKEN = 'server-token-that-nobody-sees';
const ROUTING_KEY = 'routing-key-that-nobody-sees';
const SIGNING_KEY = 'signing-key-that-nobody-sees';
const HEADER_TOKEN = 'header-token-that-nobody-sees';
const OTLP_TOKEN = 'otlp-token-that-nobody-sees';
const OTLP_PATH = '/otlp/tenant-that-nobody-sees';
const MAIL_PASSWORD = 'mail-password-that-nobody-sees';
const DISCORD_PATH = '/api/webhooks/1/discord-token-that-nobody-sees';
const HEARTBEAT_PATH = '/ping/heartbeat-that-nobody-sees';
const FAIL_PATH = '/ping/failure-that-nobody-sees';
const SECRETS = [
  ...[
    BOT_TOKEN,
    WEBHOOK_PATH,
    SERVER_TOKEN,
    'T0SECRET',
    'AAbot-token',
    ROUTING_KEY,
    SIGNING_KEY,
    HEADER_TOKEN,
  ],
  ...[
    MAIL_PASSWORD,
    OTLP_TOKEN,
    OTLP_PATH,
    HEARTBEAT_PATH,
    FAIL_PATH,
    DISCORD_PATH,
    'discord-token',
    'am-password',
    Buffer.from(MAIL_PASSWORD).toString('base64'),
  ],
];
const CHANNELS = ['slack', 'telegram', 'webhook', 'pagerduty', 'discord', 'alertmanager', 'email'];

/** A failure of a provider: its answer echoes the request's path, as that of a badly behaved gateway does. */
type Failure = readonly [string, (path: string) => readonly [status: number, body: string]];
export const FAILURES: readonly Failure[] = [
  ['a wrong token', (path) => [401, `unauthorized: ${path}`]],
  ['a revoked webhook', (path) => [404, `no_service ${path}`]],
  ['a bad request', (path) => [400, JSON.stringify({ ok: false, description: `Bad Request: ${path}` })]],
  ['a gateway’s error page', (path) => [502, `<html>${path}</html>`]],
  ['a captive portal', (path) => [200, `<html>log in to see ${path}</html>`]],
];

/** Expectations of a market maker whose providers fail like that, or do not listen. */
export function describeSecrets(failures: readonly Failure[]): void {
  describe('secrets', () => {
    let workplace: Workplace;
    let provider: Server | undefined;
    beforeEach(() => {
      workplace = new Workplace();
    });
    afterEach(async () => {
      provider?.closeAllConnections();
      provider?.close();
      provider = undefined;
      await workplace.clear();
    });

    async function everythingSaidWith(origin: string): Promise<string> {
      const marketMaker = await workplace.start(
        {
          exchange: { speed: 3_600 },
          server: { token: '${SERVER_TOKEN}' },
          telemetry: {
            otlp: { endpoint: origin + OTLP_PATH, headers: { Authorization: `Bearer ${OTLP_TOKEN}` } },
          },
          alerts: {
            slack: { enabled: true, webhook_url: '${SLACK_URL}' },
            telegram: { enabled: true, bot_token: '${BOT_TOKEN}', chat_id: 42, api_root: origin },
            heartbeat: { url: origin + HEARTBEAT_PATH, fail_url: origin + FAIL_PATH, interval: '1s' },
            webhook: {
              enabled: true,
              url: `${origin}/hook`,
              secret: SIGNING_KEY,
              headers: { Authorization: `Bearer ${HEADER_TOKEN}` },
            },
            pagerduty: { enabled: true, routing_key: ROUTING_KEY, min_level: 'INFO', api_root: origin },
            discord: { enabled: true, webhook_url: origin + DISCORD_PATH },
            alertmanager: {
              enabled: true,
              urls: [origin.replace('//', '//ops:am-password@')],
              min_level: 'INFO',
            },
            email: {
              enabled: true,
              host: '127.0.0.1',
              port: 1,
              secure: 'none',
              user: 'eve',
              password: MAIL_PASSWORD,
              from: 'alerts@desk.example',
              to: ['eve@desk.example'],
            },
          },
        },
        { SERVER_TOKEN, BOT_TOKEN, SLACK_URL: origin + WEBHOOK_PATH },
      );
      await marketMaker.printed('Exchange disconnected');
      await marketMaker.printed('could not be exported');
      for (const channel of CHANNELS) {
        await marketMaker.eventually(
          async () =>
            (await marketMaker.get('/metrics')).text.includes(`alert_deliveries_total{channel="${channel}"`),
          { what: `an attempt through ${channel}` },
        );
      }
      const served = await Promise.all(
        ['/metrics', '/health', '/alerts', '/alerts/history', '/nowhere'].map((path) =>
          marketMaker.get(path),
        ),
      );
      await marketMaker.end('SIGTERM');
      const log = readFileSync(workplace.path('data/events.db'), 'latin1');
      return [
        marketMaker.output,
        ...served.map(({ text }) => text),
        await workplace.command('events'),
        log,
      ].join('\n');
    }

    it.each(failures)('appear in no output with %s', async (_what, answer) => {
      const server = createServer((request, response) => {
        const [status, body] = answer(request.url ?? '');
        request.resume().on('end', () => response.writeHead(status).end(body));
      }).listen(0, '127.0.0.1');
      provider = server;
      await once(server, 'listening');
      const said = await everythingSaidWith(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      for (const secret of SECRETS) expect(said).not.toContain(secret);
      expect(said).toContain('Exchange disconnected');
    });

    it('appear in no output when nothing listens', async () => {
      const said = await everythingSaidWith('http://127.0.0.1:1');
      for (const secret of SECRETS) expect(said).not.toContain(secret);
    });
  });
}
