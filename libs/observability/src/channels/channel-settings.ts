import type { AlertmanagerChannelOptions } from './alertmanager/alertmanager.channel';
import type { FurtherChannelsOptions } from './channel.options';
import type { DiscordChannelOptions } from './discord/discord.channel';
import type { EmailChannelOptions } from './email/email.channel';
import { isMailAddress } from './email/mail-address';
import type { PagerDutyChannelOptions } from './pagerduty/pagerduty.channel';
import type { WebhookChannelOptions } from './webhook/webhook.channel';

/** The channels that are enabled, each with what it needs; undefined: not enabled. */
export interface FurtherChannelsSettings {
  readonly webhook: WebhookChannelOptions | undefined;
  readonly pagerduty: PagerDutyChannelOptions | undefined;
  readonly discord: DiscordChannelOptions | undefined;
  readonly alertmanager: AlertmanagerChannelOptions | undefined;
  readonly email: EmailChannelOptions | undefined;
}

/**
 * What the channels are made with.
 *
 * @param violations is added to, for each enabled channel that lacks something; never with a value, which may be a secret
 */
export function furtherChannelsOf(
  options: FurtherChannelsOptions,
  violations: string[],
): FurtherChannelsSettings {
  const need = (holds: boolean, what: string): void => {
    if (!holds) violations.push(what);
  };
  return {
    webhook: ifEnabled(options.webhook, ({ url = '', ...others }) => {
      need(isHttpUrl(url), 'alerts.webhook is enabled and needs url, an http(s) URL');
      return { ...others, url };
    }),
    pagerduty: ifEnabled(options.pagerduty, ({ routingKey = '', ...others }) => {
      const { apiRoot } = others;
      need(routingKey.trim() !== '', 'alerts.pagerduty is enabled and needs routingKey');
      need(apiRoot === undefined || isHttpUrl(apiRoot), 'alerts.pagerduty.apiRoot must be an http(s) URL');
      return { ...others, routingKey };
    }),
    discord: ifEnabled(options.discord, ({ webhookUrl = '', ...others }) => {
      need(isHttpUrl(webhookUrl), 'alerts.discord is enabled and needs webhookUrl, an http(s) URL');
      return { ...others, webhookUrl };
    }),
    alertmanager: ifEnabled(options.alertmanager, ({ urls = [], ...others }) => {
      const { endsAfter = 1 } = others;
      need(urls.length > 0, 'alerts.alertmanager is enabled and needs urls, at least one');
      need(urls.every(isHttpUrl), 'alerts.alertmanager.urls must be http(s) URLs');
      need(
        endsAfter > 0 && endsAfter < Infinity,
        'alerts.alertmanager.endsAfter must be milliseconds above zero',
      );
      return { ...others, urls };
    }),
    email: ifEnabled(options.email, ({ host = '', from = '', to = [], ...others }) => {
      need(host !== '', 'alerts.email is enabled and needs host');
      need(isMailAddress(from), 'alerts.email is enabled and needs from, an address');
      need(
        to.length > 0 && to.every(isMailAddress),
        'alerts.email is enabled and needs to, at least one address',
      );
      return { ...others, host, from, to };
    }),
  };
}

function ifEnabled<Options extends { enabled?: boolean }, Settings>(
  options: Options | undefined,
  read: (options: Options) => Settings,
): Settings | undefined {
  return options?.enabled === true ? read(options) : undefined;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
