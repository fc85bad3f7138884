import { AlertLevel } from '@opensqt/trading-events';
import { type ObservabilityOptions, resolveOptions } from '../options/observability-options';
import { makeChannels } from './registry';
import { SlackBotChannel } from './slack/slack-bot.channel';
import { SlackChannel } from './slack/slack.channel';

type AlertsOptions = NonNullable<ObservabilityOptions['alerts']>;

const made = (alerts: AlertsOptions) => makeChannels(resolveOptions({ alerts }).alerts, []);

const ALL: AlertsOptions = {
  slack: { enabled: true, webhookUrl: 'https://slack.example/a' },
  telegram: { enabled: true, botToken: '1:a', chatId: '1' },
  webhook: { enabled: true, url: 'https://desk.example/a' },
  pagerduty: { enabled: true, routingKey: 'key' },
  discord: { enabled: true, webhookUrl: 'https://discord.example/api/webhooks/1/a' },
  alertmanager: { enabled: true, urls: ['http://am.example'] },
  email: { enabled: true, host: 'mail.example', from: 'a@desk.example', to: ['b@desk.example'] },
};

describe('the channels that are made', () => {
  it('are the log and whatever is enabled', () => {
    expect(made({}).map(({ name }) => name)).toEqual(['log']);
    expect(made(ALL).map(({ name }) => name)).toEqual(['log', ...Object.keys(ALL)]);
    expect(
      made({ ...ALL, discord: { ...ALL.discord, enabled: false } }).map(({ name }) => name),
    ).not.toContain('discord');
    expect(made({ ...ALL, enabled: false }).map(({ name }) => name)).toEqual(['log']);
  });

  it('are a bot of Slack or a webhook of Slack, by what is configured', () => {
    const slack = (options: AlertsOptions['slack']) => made({ slack: { enabled: true, ...options } })[1];

    expect(slack({ botToken: 'xoxb-1', channel: '#a' })).toBeInstanceOf(SlackBotChannel);
    expect(slack({ webhookUrl: 'https://slack.example/a', channel: '#a' })).toBeInstanceOf(SlackChannel);
  });

  it('have the level that is configured, or one that fits what they are', () => {
    const levels = (alerts: AlertsOptions) =>
      Object.fromEntries(made(alerts).map(({ name, minLevel }) => [name, minLevel]));
    const minLevel = AlertLevel.Critical;

    expect(levels(ALL)).toMatchObject({
      webhook: 'INFO',
      pagerduty: 'ERROR',
      discord: 'INFO',
      alertmanager: 'WARNING',
      email: 'INFO',
    });
    expect(
      levels({
        webhook: { ...ALL.webhook, minLevel },
        pagerduty: { ...ALL.pagerduty, minLevel },
        discord: { ...ALL.discord, minLevel },
        alertmanager: { ...ALL.alertmanager, minLevel },
        email: { ...ALL.email, minLevel },
      }),
    ).toEqual({
      log: undefined,
      webhook: minLevel,
      pagerduty: minLevel,
      discord: minLevel,
      alertmanager: minLevel,
      email: minLevel,
    });
  });
});
