import { Logger } from '@nestjs/common';
import type { ChannelEnvironment } from '../channel-definition';
import { httpUrl } from '../http/attempt';
import { type MessageSize, postMessage } from '../http/post-message';
import { ProviderClient } from '../http/provider-client';
import { secretsOf } from '../http/redact';

/** One Alertmanager of a cluster. */
export class AlertmanagerInstance {
  readonly #logger = new Logger('AlertmanagerChannel');
  readonly #url: URL;
  readonly #client: ProviderClient;
  #underWay = 0;
  #isFailing = false;

  /** @throws TypeError when the URL is not one; the message does not repeat it */
  constructor(address: string, timeout: number, environment: ChannelEnvironment) {
    const root = httpUrl(address, 'alerts.alertmanager.urls');
    this.#url = new URL(root);
    this.#url.pathname = `${root.pathname.replace(/\/+$/, '')}/api/v2/alerts`;
    const terms = {
      name: 'Alertmanager',
      confirms: (body: string, status: number) => status === 200 && body.trim() === '',
      complaint: (body: string) => body,
      remedy: 'check alerts.alertmanager.urls, and that API version 2 is served there.',
      secrets: secretsOf(root),
    };
    this.#client = new ProviderClient(terms, timeout, environment);
  }

  /** True while a request has not been answered. */
  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /** @throws DeliveryError unless it took the alerts */
  async post(body: (size: MessageSize) => unknown, signal: AbortSignal): Promise<void> {
    this.#underWay += 1;
    try {
      await postMessage(this.#client, { url: this.#url, body, signal });
      if (this.#isFailing) this.#logger.log(`The Alertmanager at ${this.#url.host} takes alerts again.`);
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing && !signal.aborted) {
        const why = error instanceof Error ? error.message : 'it failed';
        this.#logger.warn(`The Alertmanager at ${this.#url.host} did not take alerts: ${why}`);
      }
      this.#isFailing = true;
      throw error;
    } finally {
      this.#underWay -= 1;
    }
  }
}
