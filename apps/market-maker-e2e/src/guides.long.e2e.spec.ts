import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '@opensqt/event-log/testing';
import { Guide } from './testing/guide';

let guide: Guide;
let provider: Server;
const requested: string[] = [];

/** Slack, PagerDuty and a dead-man's switch, as far as they take what they are sent. */
beforeAll(async () => {
  provider = createServer((request, response) => {
    requested.push(request.url ?? '');
    request.resume();
    if (request.url === '/v2/enqueue') response.writeHead(202).end('{"status":"success","dedup_key":"1"}');
    else response.end('ok');
  });
  await once(provider.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => guide.clear());
afterAll(() => {
  provider.closeAllConnections();
  provider.close();
});

const origin = (): string => `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;

describe('the guide', () => {
  it('"I have a Nest bot" is a program that compiles, is measured and alerts', async () => {
    guide = new Guide('nest-bot', { '3000': String(await freePort()) });
    expect(await guide.follow()).toBe(3);
  });

  it('"I want to be woken" notifies pager, chat and dead-man\'s switch', async () => {
    guide = new Guide('waking', {
      '8080': String(await freePort()),
      'https://events.pagerduty.com #': `${origin()} #`,
      'https://hooks.slack.com': origin(),
      'https://hc-ping.com': origin(),
    });
    expect(await guide.follow()).toBe(6);
    expect(requested).toEqual(
      expect.arrayContaining(['/v2/enqueue', '/services/T000/B000/XXXX', '/your-uuid']),
    );
  });

  const withPromtool = spawnSync('promtool', ['--version']).status === 0 ? it : it.skip;
  withPromtool('"I run Prometheus already" scrapes, alerts and shows', async () => {
    guide = new Guide('prometheus', { '8080': String(await freePort()) });
    expect(await guide.follow()).toBe(5);
  });
});
