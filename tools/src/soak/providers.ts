import type { AlertsOptions } from '@opensqt/observability/options';

/** Every part of a token or an address that nothing may show. */
export const SECRETS = [
  'hook-that-nobody-sees',
  '998877',
  'AAtoken-that-nobody-sees',
  'key-that-nobody-sees',
];

/** The providers that are notified in a soak, besides the log. */
export const PROVIDERS = ['slack', 'telegram', 'webhook', 'pagerduty'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** The answer of each to a message that it accepts; Telegram gives it a number, which later ones refer to. */
export function confirmationOf(
  provider: ProviderName,
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
export function alertsAt(ports: Readonly<Record<ProviderName, number>>): AlertsOptions {
  const at = (name: ProviderName): string => `http://127.0.0.1:${ports[name]}`;
  return {
    slack: { enabled: true, webhookUrl: `${at('slack')}/services/hook-that-nobody-sees` },
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
      apiRoot: at('pagerduty'),
      minLevel: 'INFO',
    },
    exchangeDisconnect: { persistentAfter: 3_000 },
    burst: 100,
    groupWindow: 1_000,
    flapping: { changes: 100 }, // a message about what flaps quotes the number of another one
    retry: { longestBackoff: 2_000, longestPause: 2_000 },
  };
}
