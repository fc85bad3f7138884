import { AlertLevel } from '@opensqt/trading-events';
import { settingsOf } from '../options/observability.settings';
import type { AlertsOptions } from '../options/observability.options';
import { makeChannels } from './registry';
import { SlackBotChannel } from './slack/slack-bot.channel';
import { SlackChannel } from './slack/slack.channel';

const made = (alerts: AlertsOptions) => {
  const { alertsEnabled: enabled, slack, telegram, furtherChannels } = settingsOf({ alerts });
  return makeChannels({ enabled, slack, telegram, ...furtherChannels, own: [] });
};

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

  it.each<[AlertsOptions, string]>([
    [
      { slack: { enabled: true } },
      'alerts.slack is enabled and needs webhookUrl, an http(s) URL, or botToken',
    ],
    [{ slack: { enabled: true, botToken: 's3cr3t' } }, 'alerts.slack.botToken needs channel'],
    [{ slack: { enabled: true, botToken: ' ', channel: '#a' } }, 'alerts.slack.botToken is empty'],
    [
      { slack: { enabled: true, botToken: 's3cr3t', channel: '#a', webhookUrl: 'https://a/s3cr3t' } },
      'alerts.slack has both webhookUrl and botToken and needs one of them',
    ],
    [
      { slack: { enabled: true, botToken: 's3cr3t', channel: '#a', apiRoot: 's3cr3t' } },
      'alerts.slack.apiRoot must be an http(s) URL',
    ],
    [
      { telegram: { enabled: true, botToken: 's3cr3t', chatId: '1', messageThreadId: 0.5 } },
      'alerts.telegram.messageThreadId must be a whole number from 1',
    ],
  ])('are refused without a secret: %#', (alerts, complaint) => {
    const settings = (): unknown => settingsOf({ alerts });

    expect(settings).toThrow(complaint);
    expect(settings).not.toThrow('s3cr3t');
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

  it('are refused, all of them at once and without a secret, when something is missing', () => {
    const incomplete = (): unknown =>
      settingsOf({
        alerts: {
          webhook: { enabled: true, url: 'desk/s3cr3t' },
          pagerduty: { enabled: true, apiRoot: 'ftp://s3cr3t' },
          discord: { enabled: true },
          alertmanager: { enabled: true, endsAfter: -1 },
          email: { enabled: true, to: ['s3cr3t'] },
        },
      });

    expect(incomplete).toThrow(
      'ObservabilityModule: alerts.webhook is enabled and needs url, an http(s) URL; alerts.pagerduty is enabled and needs routingKey; alerts.pagerduty.apiRoot must be an http(s) URL; alerts.discord is enabled and needs webhookUrl, an http(s) URL; alerts.alertmanager is enabled and needs urls, at least one; alerts.alertmanager.endsAfter must be milliseconds above zero; alerts.email is enabled and needs host; alerts.email is enabled and needs from, an address; alerts.email is enabled and needs to, at least one address.',
    );
  });
});
