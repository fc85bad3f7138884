import type { AlertLevel } from '@opensqt/trading-events';
import type { SmtpSecurity } from './email/smtp-session';

/** What every channel's section has. */
interface Switch {
  /** @default false */
  enabled?: boolean;
  /** Least level that is told here. @default 'INFO'; PagerDuty 'ERROR', Alertmanager 'WARNING' */
  minLevel?: AlertLevel;
}

export interface WebhookOptions extends Switch {
  /** Where to post; a secret. */
  url?: string;
  /** Key of the signature; a secret. Absent: requests are not signed. */
  secret?: string;
  /** Sent with each request; the values are secrets. */
  headers?: Readonly<Record<string, string>>;
}

export interface PagerDutyOptions extends Switch {
  /** The integration key; a secret. */
  routingKey?: string;
  /** @default 'https://events.pagerduty.com' */
  apiRoot?: string;
}

export interface DiscordOptions extends Switch {
  /** A secret. */
  webhookUrl?: string;
}

export interface AlertmanagerOptions extends Switch {
  /** Each instance of the cluster. */
  urls?: readonly string[];
  /** How long an open alert lasts at Alertmanager without further news, milliseconds. @default 86_400_000 */
  endsAfter?: number;
  /** A page that shows the alert. */
  generatorUrl?: string;
}

export interface EmailOptions extends Switch {
  host?: string;
  /** @default 587 with `starttls`, 465 with `tls`, 25 with `none` */
  port?: number;
  /** @default 'starttls' */
  secure?: SmtpSecurity;
  user?: string;
  /** A secret. */
  password?: string;
  from?: string;
  to?: readonly string[];
}

/** Channels besides Slack and Telegram. */
export interface FurtherChannelsOptions {
  webhook?: WebhookOptions;
  pagerduty?: PagerDutyOptions;
  discord?: DiscordOptions;
  alertmanager?: AlertmanagerOptions;
  email?: EmailOptions;
}
