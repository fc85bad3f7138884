import { once } from 'node:events';
import http, { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { eventually } from '@opensqt/trading-events/testing';

/** Telegram's answer to a message that it accepts. Slack's is `ok`. */
export const TELEGRAM_OK = '{"ok":true,"result":{"message_id":1}}';

/** The answer of Slack's Web API to a message that it accepts. */
export const slackOk = (ts = '1700000000.000100'): string =>
  JSON.stringify({ ok: true, channel: 'C024BE91L', ts, message: { type: 'message', text: 'as sent' } });

/** A request as it came. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  /** As text, also where it came compressed. */
  readonly body: string;
  /** The body, parsed; undefined when it is not JSON. */
  readonly json: Record<string, unknown> | undefined;
  /** Epoch milliseconds, wall clock. */
  readonly receivedAt: number;
}

/** The reaction to a request, once all of it was read. */
type Reaction =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers: OutgoingHttpHeaders;
    }
  | { readonly kind: 'stall'; readonly status: number; readonly body: string }
  | { readonly kind: 'hang' | 'reset' | 'hang_up' };

/**
 * A real HTTP server on loopback that stands for Slack or Telegram. Reactions are used in the order in which they were
 * scripted; the last one stands for every further request. Unscripted it answers 200 `ok`.
 *
 * @example
 * const slack = await startProviderServer();
 * slack.answer(503).answer(200, 'ok');
 * const [first, second] = await slack.received(2);
 * await slack.close();
 */
export class ProviderServer {
  readonly requests: ReceivedRequest[] = [];
  readonly #upcoming: Reaction[] = [];
  #reaction: Reaction = { kind: 'answer', status: 200, body: 'ok', headers: {} };
  readonly #server = http.createServer((request, response) => void this.#react(request, response));

  /** Like `http://127.0.0.1:40123`, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Answers with this. */
  answer(status: number, body = '', headers: OutgoingHttpHeaders = {}): this {
    return this.#then({ kind: 'answer', status, body, headers });
  }

  /** Answers the way Telegram refuses: `{"ok":false,"error_code":…,"description":…,"parameters":…}`. */
  refuse(status: number, description: string, parameters?: Record<string, unknown>): this {
    return this.answer(status, JSON.stringify({ ok: false, error_code: status, description, parameters }));
  }

  /** Reads the request and never answers. */
  hang(): this {
    return this.#then({ kind: 'hang' });
  }

  /** Sends the head and the beginning of a body that never ends. */
  stall(status: number, body = ''): this {
    return this.#then({ kind: 'stall', status, body });
  }

  /** Reads the request, then resets the connection. */
  reset(): this {
    return this.#then({ kind: 'reset' });
  }

  /** Reads the request, then closes the connection in an orderly way, without an answer. */
  hangUp(): this {
    return this.#then({ kind: 'hang_up' });
  }

  /** Resolves with all requests once there are that many. */
  async received(count: number): Promise<readonly ReceivedRequest[]> {
    await eventually(() => this.requests.length >= count, {
      what: `${count} requests`,
      showing: () => this.requests.map(({ body }) => body),
    });
    return this.requests;
  }

  /** @param port 0 for any free one */
  async listen(port: number): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** Ends every connection, hanging ones too, and stops listening. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #then(reaction: Reaction): this {
    this.#upcoming.push(reaction);
    return this;
  }

  async #react(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const isCompressed = request.headers['content-encoding'] === 'gzip';
    this.#record(request, (isCompressed ? gunzipSync(body) : body).toString('utf8'));

    this.#reaction = this.#upcoming.shift() ?? this.#reaction;
    const reaction = this.#reaction;
    switch (reaction.kind) {
      case 'answer':
        response.writeHead(reaction.status, reaction.headers).end(reaction.body);
        break;
      case 'stall':
        response.writeHead(reaction.status, { 'content-length': 1_000_000 }).write(reaction.body || ' ');
        break;
      case 'reset':
        request.socket.resetAndDestroy();
        break;
      case 'hang_up':
        request.socket.end();
        break;
      case 'hang':
        break;
    }
  }

  #record(request: IncomingMessage, body: string): void {
    const { method = '', url: path = '', headers } = request;
    this.requests.push({ method, path, headers, body, json: parsed(body), receivedAt: Date.now() });
  }
}

/** Starts a server on a free port of loopback, or on the given one. */
export function startProviderServer(port = 0): Promise<ProviderServer> {
  return new ProviderServer().listen(port);
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
