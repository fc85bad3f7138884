import type { ChannelEnvironment } from '../channel-definition';
import { httpUrl } from '../http/attempt';
import { ProviderClient } from '../http/provider-client';
import { secretsOf, secretsOfToken } from '../http/redact';
import { type SlackAnswer, isRefusalOfBlocks, slackAnswer, slackRefusal } from './slack-answer';
import type { SlackLayout } from './slack-message';
import type { SlackSection } from './slack.options';

/** The methods of the Web API that send or edit. */
export type SlackMethod = 'chat.postMessage' | 'chat.update';

/** A repair of a refused message that is made at once, so that it still arrives. */
type SlackRepair = 'shorter' | 'plain_text';

/**
 * Characters of a message, and of one that is sent again because Slack, or a proxy before it, found it too large. Slack would
 * take 12,000, but repeats a message in its answer with up to six bytes a character, of which we read 64 KiB.
 */
const LIMITS = { full: 8_000, short: 3_000 };

export interface SlackCall {
  readonly method: SlackMethod;
  /** Everything but the text and the blocks. */
  readonly parameters: object;
  readonly layout: (limit: number) => SlackLayout;
  readonly signal: AbortSignal;
  /** True for a refusal that the caller has an answer to: it is returned, not thrown. */
  readonly expected?: (answer: SlackAnswer) => boolean;
}

/**
 * Slack's Web API, for as much as alerts need. A message that is refused for its blocks or its length is mended and sent again at
 * once, each way at most once.
 */
export class SlackApi {
  readonly #root: URL;
  readonly #token: string;
  readonly #client: ProviderClient;

  /** @throws TypeError when the root is not a URL or the token can't be one; the message repeats neither */
  constructor({ apiRoot, botToken = '', timeout }: SlackSection, environment: ChannelEnvironment) {
    this.#root = httpUrl(apiRoot, 'alerts.slack.api_root');
    this.#token = botToken.trim();
    if (!/^[\x21-\x7e]+$/.test(this.#token)) {
      throw new TypeError(
        'alerts.slack.bot_token is empty or has characters that no token has (not shown: it is a secret). Correct it.',
      );
    }
    const terms = {
      name: 'Slack',
      confirms: (body: string) => slackAnswer(body).ok,
      refusal: slackRefusal,
      complaint: (body: string) => slackAnswer(body).error || body,
      remedy:
        'check alerts.slack.bot_token, that the app has the scope chat:write, and that it was invited to the channel of alerts.slack.channel.',
      secrets: [
        ...secretsOfToken(this.#token),
        ...this.#token.split('-').slice(1).flatMap(secretsOfToken),
        ...secretsOf(this.#root),
      ],
    };
    this.#client = new ProviderClient(terms, timeout, environment);
  }

  /** @throws DeliveryError unless Slack took it, or refused it as expected */
  async call({ method, parameters, layout, signal, expected }: SlackCall): Promise<SlackAnswer> {
    const repairs = new Set<SlackRepair>();
    for (;;) {
      const { text, blocks } = layout(repairs.has('shorter') ? LIMITS.short : LIMITS.full);
      const body = { ...parameters, text, ...(repairs.has('plain_text') ? {} : { blocks }) };
      const received = await this.#client.post(this.#url(method), JSON.stringify(body), signal, {
        authorization: `Bearer ${this.#token}`,
      });
      const answer = slackAnswer(received.complete ? received.body : '');
      if (expected?.(answer)) return answer;
      const failure = this.#client.failureOf(received);
      if (failure === undefined) return answer;
      const repair = failure.outcome === 'too_large' ? 'shorter' : 'plain_text';
      const mends = repair === 'shorter' || isRefusalOfBlocks(answer);
      if (!mends || repairs.has(repair)) throw failure;
      repairs.add(repair);
    }
  }

  #url(method: SlackMethod): URL {
    const url = new URL(this.#root);
    url.pathname = `${this.#root.pathname.replace(/\/+$/, '')}/${method}`;
    return url;
  }
}
