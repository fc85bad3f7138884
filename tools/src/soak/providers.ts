import type { AlertsOptions } from '@opensqt/observability/options';

/** Every part of a token or an address that nothing may show. */
export const SECRETS = [
  'hook-that-nobody-sees',
  '998877',
  'AAtoken-that-nobody-sees',
  'key-that-nobody-sees',
];

/** The providers over HTTP that are notified in a soak. */
export const WEB_PROVIDERS = ['slack', 'telegram', 'webhook', 'pagerduty'] as const;
export type WebProvider = (typeof WEB_PROVIDERS)[number];

/** Everybody who gets single messages, besides the log. */
export const RECEIVERS = [...WEB_PROVIDERS, 'email'] as const;
export type ReceiverName = (typeof RECEIVERS)[number];

/** Everybody and everything on loopback that the source of alerts speaks with. */
export type PortName = ReceiverName | 'alertmanager' | 'proxy';
export type Ports = Readonly<Record<PortName, number>>;

/** Goes into `NO_PROXY`: what is called by this name is reached directly, and by its address through the proxy. */
export const DIRECT_HOST = 'localhost';

/** The answer of each to a message that it accepts; Telegram gives it a number, which later ones refer to. */
export function confirmationOf(
  provider: WebProvider,
  messageId: number,
): { readonly status: number; readonly body: string } {
  switch (provider) {
    case 'slack':
      return { status: 200, body: 'ok' };
    case 'telegram':
      return { status: 200, body: JSON.stringify({ ok: true, result: { message_id: messageId } }) };
    case 'webhook':
      return { status: 200, body: '{}' };
    case 'pagerduty':
      return { status: 202, body: '{"status":"success","message":"Event processed","dedup_key":"k"}' };
  }
}

/** The channels at those ports of loopback. Every message is sent by itself, and none waits for minutes. */
export function alertsAt(ports: Ports): AlertsOptions {
  const at = (name: PortName, host = '127.0.0.1'): string => `http://${host}:${ports[name]}`;
  return {
    proxy: at('proxy'),
    slack: {
      enabled: true,
      webhookUrl: `${at('slack')}/services/hook-that-nobody-sees`,
      timeout: '10s', // an answer after 12 s comes too late
    },
    telegram: {
      enabled: true,
      botToken: '998877:AAtoken-that-nobody-sees',
      chatId: '42',
      apiRoot: at('telegram'),
    },
    webhook: { enabled: true, url: `${at('webhook')}/hook-that-nobody-sees` },
    pagerduty: {
      enabled: true,
      routingKey: 'key-that-nobody-sees',
      apiRoot: at('pagerduty', DIRECT_HOST),
      minLevel: 'INFO',
    },
    alertmanager: { enabled: true, urls: [at('alertmanager', DIRECT_HOST)] },
    email: {
      enabled: true,
      host: '127.0.0.1',
      port: ports.email,
      secure: 'none',
      from: 'alerts@bot.example',
      to: 'eve@desk.example',
      minLevel: 'ERROR', // ten at once, then one each 6 s
    },
    exchangeDisconnect: { persistentAfter: 3_000 },
    burst: 100,
    groupWindow: 1_000,
    flapping: { changes: 100 }, // a message about what flaps quotes the number of another one
    retry: { longestBackoff: 2_000, longestPause: 2_000 },
  };
}
