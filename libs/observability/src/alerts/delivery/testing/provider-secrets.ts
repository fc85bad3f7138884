import type { ObservabilityOptions } from '../../../options/observability-options';

const BOT_TOKEN = '998877:AAbot-token-that-nobody-sees';
const WEBHOOK_PATH = '/services/T0SECRET/B0SECRET/hook-that-nobody-sees';

/** Every part of a token or an address that nothing may show. */
export const SECRETS = [
  'T0SECRET',
  'B0SECRET',
  'hook-that-nobody-sees',
  '998877',
  'AAbot-token-that-nobody-sees',
];

/** Slack and Telegram at those addresses, with secrets that stand out from anything else. */
export function chatsAt(slack: string, telegram: string): NonNullable<ObservabilityOptions['alerts']> {
  return {
    slack: { enabled: true, webhookUrl: slack + WEBHOOK_PATH },
    telegram: { enabled: true, botToken: BOT_TOKEN, chatId: '42', apiRoot: telegram },
  };
}

/** The secrets that a text shows. */
export function secretsIn(text: string): readonly string[] {
  return SECRETS.filter((secret) => text.includes(secret));
}
