import { AlertLevel } from '@opensqt/trading-events';
import { Test } from '@nestjs/testing';
import type { ObservabilityOptions } from '../options/observability-options';
import { OptionsModule } from '../options/options.module';
import { ALERT_CHANNELS, type AlertChannel } from './channel';
import { ChannelsModule } from './channels.module';

type AlertsOptions = NonNullable<ObservabilityOptions['alerts']>;

async function inUse(alerts: AlertsOptions): Promise<readonly AlertChannel[]> {
  const module = ChannelsModule.with({ channels: [], imports: [] }, OptionsModule.forRoot({ alerts }));
  const testing = await Test.createTestingModule({ imports: [module] }).compile();
  return testing.get<readonly AlertChannel[]>(ALERT_CHANNELS);
}

const ALL: AlertsOptions = {
  slack: { enabled: true, webhookUrl: 'https://slack.example/a' },
  telegram: { enabled: true, botToken: '1:a', chatId: '1' },
  webhook: { enabled: true, url: 'https://desk.example/a' },
  pagerduty: { enabled: true, routingKey: 'key' },
  discord: { enabled: true, webhookUrl: 'https://discord.example/api/webhooks/1/a' },
  ntfy: { enabled: true, topic: 'desk' },
  alertmanager: { enabled: true, urls: ['http://am.example'] },
  email: { enabled: true, host: 'mail.example', from: 'a@desk.example', to: ['b@desk.example'] },
};

describe('the channels in use', () => {
  it('are the log and whatever is enabled', async () => {
    const names = async (alerts: AlertsOptions) => (await inUse(alerts)).map(({ name }) => name);

    expect(await names({})).toEqual(['log']);
    expect(await names(ALL)).toEqual(['log', ...Object.keys(ALL)]);
    expect(await names({ ...ALL, discord: { ...ALL.discord, enabled: false } })).not.toContain('discord');
    expect(await names({ ...ALL, enabled: false })).toEqual(['log']);
  });

  it('get acknowledgements through a bot of Slack, and not through a webhook', async () => {
    const slack = async (options: AlertsOptions['slack']) =>
      (await inUse({ slack: { enabled: true, ...options } }))[1];

    expect(await slack({ botToken: 'xoxb-1', channel: '#a' })).toMatchObject({ acknowledgements: true });
    expect(await slack({ webhookUrl: 'https://slack.example/a', channel: '#a' })).toMatchObject({
      acknowledgements: false,
    });
  });

  it('have the level that is configured, or one that fits what they are', async () => {
    const levels = async (alerts: AlertsOptions) =>
      Object.fromEntries((await inUse(alerts)).map(({ name, minLevel }) => [name, minLevel]));
    const minLevel = AlertLevel.Critical;

    expect(await levels(ALL)).toMatchObject({
      webhook: 'INFO',
      pagerduty: 'ERROR',
      discord: 'INFO',
      ntfy: 'INFO',
      alertmanager: 'WARNING',
      email: 'INFO',
    });
    const configured = Object.entries(ALL).map(([name, options]) => [
      name,
      { ...(options as object), minLevel },
    ]);
    expect(await levels(Object.fromEntries(configured) as AlertsOptions)).toEqual({
      log: undefined,
      ...Object.fromEntries(Object.keys(ALL).map((name) => [name, minLevel])),
    });
  });
});
