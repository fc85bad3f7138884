import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertmanager } from './alertmanager/alertmanager.channel';
import type { AlertChannel } from './channel';
import { discord } from './discord/discord.channel';
import { ntfy } from './ntfy/ntfy.channel';
import { pagerduty } from './pagerduty/pagerduty.channel';
import { slack } from './slack/slack.channel';
import { telegram } from './telegram/telegram.channel';
import { channelFrom } from './testing/channel-from';
import { failureOfSending } from './testing/failure-of-sending';
import { type ProviderServer, startProviderServer } from './testing/provider-server';
import { webhook } from './webhook/webhook.channel';

const CHANNELS: Readonly<Record<string, (url: string) => AlertChannel>> = {
  telegram: (apiRoot) => channelFrom(telegram, { botToken: '123456789:AAF-secret', chatId: '42', apiRoot }),
  slack: (url) => channelFrom(slack, { webhookUrl: `${url}/services/T0A/B0B/s3cr3t` }),
  discord: (url) => channelFrom(discord, { webhookUrl: `${url}/api/webhooks/1/s3cr3t` }),
  ntfy: (url) => channelFrom(ntfy, { topic: 'desk', url }),
  pagerduty: (apiRoot) => channelFrom(pagerduty, { routingKey: 'r0utingkey', apiRoot }),
  alertmanager: (url) => channelFrom(alertmanager, { urls: [url] }),
  webhook: (url) => channelFrom(webhook, { url }),
};

const DOCUMENT = readFileSync(join(__dirname, '../../../../docs/channels.md'), 'utf8');
const rows = [
  ...(/<!-- refusals[^]*?<!-- end: refusals/.exec(DOCUMENT)?.[0] ?? '').matchAll(
    /^\| `(\w+)` +\| (\d{3}) +\| `(.+)` +\| (\w+) +\|$/gm,
  ),
].map(([, name = '', status, answer = '', outcome = '']) => ({
  name,
  status: Number(status),
  answer,
  outcome,
}));

describe('the refusals of docs/channels.md', () => {
  let server: ProviderServer;
  beforeEach(async () => (server = await startProviderServer()));
  afterEach(() => server.close());

  it('are about every channel over HTTP', () => {
    expect([...new Set(rows.map(({ name }) => name))].sort()).toEqual(Object.keys(CHANNELS).sort());
  });

  it.each(rows)('$name: $status $answer is $outcome', async ({ name, status, answer, outcome }) => {
    const isTelegram = name === 'telegram';
    if (isTelegram) server.refuse(status, answer);
    else server.answer(status, answer);

    const channel = CHANNELS[name]?.(server.url);
    const failure = channel === undefined ? undefined : await failureOfSending(channel);
    expect(failure?.outcome ?? 'delivered').toBe(outcome);
  });
});
