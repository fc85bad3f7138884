import type { z } from 'zod';
import { HttpFailure, exchange } from '../../../network/http-exchange';
import type { Network } from '../../../network/network';
import { attemptSignal, httpUrl } from '../../http/attempt';
import { excerpt, secretsOf, secretsOfToken } from '../../http/redact';
import { statedPause } from '../../http/retry-after';
import { botUrl } from '../bot-url';
import { telegramReply } from '../telegram-reply';
import type { telegramOptions } from '../telegram.options';

/** An answer of the Bot API, or what there was instead. Nothing in it is a secret but the body. */
export interface BotAnswer {
  /** 0 without an answer. */
  readonly status: number;
  readonly ok: boolean;
  readonly body: string;
  /** A few words about what went wrong. */
  readonly detail: string;
  /** The pause that Telegram asks for, milliseconds. */
  readonly pauseMs?: number;
}

/** Calls methods of the Bot API that are no alerts: nothing is queued or tried again. It throws nothing. */
export class BotClient {
  readonly #root: URL;
  readonly #token: string;
  readonly #secrets: readonly string[];

  constructor(
    private readonly options: z.output<typeof telegramOptions>,
    private readonly network: Network,
  ) {
    this.#root = httpUrl(options.apiRoot, 'alerts.telegram.api_root');
    this.#token = options.botToken ?? '';
    this.#secrets = [...secretsOfToken(this.#token), ...secretsOf(this.#root)];
  }

  /** @param waitMs for which Telegram may hold the request, besides the channel's timeout */
  async call(method: string, parameters: object, signal: AbortSignal, waitMs = 0): Promise<BotAnswer> {
    try {
      const { status, headers, body } = await exchange(this.network, {
        url: botUrl(this.#root, this.#token, method),
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: Buffer.from(JSON.stringify(parameters)),
        signal: attemptSignal(signal, this.options.timeout + waitMs),
      });
      const { ok, description } = telegramReply(body);
      const pauseMs = status === 429 ? statedPause(headers, body, Date.now()) : undefined;
      const detail = `${status} ${excerpt(description, this.#secrets)}`;
      return {
        status,
        ok: ok && status === 200,
        body,
        detail,
        ...(pauseMs === undefined ? {} : { pauseMs }),
      };
    } catch (error) {
      const detail = error instanceof HttpFailure ? error.reason : 'the request failed';
      return { status: 0, ok: false, body: '', detail };
    }
  }
}
