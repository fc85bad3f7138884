import { once } from 'node:events';
import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { eventually } from '@opensqt/trading-events/testing';

/** A call as it came. */
export interface BotCall {
  readonly method: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Telegram's Bot API on loopback, for one bot: it holds updates until they are confirmed, and `getUpdates` until there is one. */
export class BotApiServer {
  readonly calls: BotCall[] = [];
  readonly #updates: { readonly update_id: number }[] = [];
  readonly #failures: { readonly method: string; readonly status: number; readonly body: object }[] = [];
  readonly #waiting = new Set<() => void>();
  #nextUpdate = 700;
  #nextMessage = 1;
  readonly #server = http.createServer((request, response) => {
    void text(request).then((body) => {
      const method = (request.url ?? '').split('/').at(-1) ?? '';
      const json = JSON.parse(body) as BotCall['json'];
      this.calls.push({ method, json });
      this.#answer(method, json, response);
    });
  });

  static async start(): Promise<BotApiServer> {
    const server = new BotApiServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next calls of that method fail like this, one each time that it is said. */
  fail(method: string, status: number, description = 'refused', parameters?: object): this {
    this.#failures.push({ method, status, body: { ok: false, error_code: status, description, parameters } });
    return this;
  }

  /** A user writes to the bot. */
  write(userId: number, words: string, at = Date.now()): void {
    this.#add({ message: { ...this.#message(at), from: userOf(userId), text: words } });
  }

  /** A user presses a button under a message of that time. */
  press(userId: number, data: string, at = Date.now()): { readonly update_id: number } {
    const id = `callback-${this.#nextUpdate}`;
    return this.#add({ callback_query: { id, from: userOf(userId), data, message: this.#message(at) } });
  }

  /** The updates that nobody has confirmed. */
  get unconfirmed(): number {
    return this.#updates.length;
  }

  /** The polls that wait for something to happen. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Gives out again what was confirmed, as a server that lost its memory would. */
  repeat(update: { readonly update_id: number }): void {
    this.#updates.push(update);
    this.#wake();
  }

  sent(method: string): readonly BotCall['json'][] {
    return this.calls.filter((call) => call.method === method).map(({ json }) => json);
  }

  /** Resolves with the calls of a method once there are so many. */
  async received(method: string, count: number): Promise<readonly BotCall['json'][]> {
    await eventually(() => this.sent(method).length >= count, {
      what: `${count} calls of ${method}`,
      showing: () => this.calls.map((call) => call.method),
    });
    return this.sent(method);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #message(at: number): object {
    return { message_id: this.#nextMessage++, chat: { id: 4711 }, date: Math.floor(at / 1_000) };
  }

  #add(content: object): { readonly update_id: number } {
    const update = { update_id: this.#nextUpdate++, ...content };
    this.#updates.push(update);
    this.#wake();
    return update;
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #answer(method: string, json: BotCall['json'], response: ServerResponse): void {
    const failing = this.#failures.findIndex((failure) => failure.method === method);
    const [failure] = failing === -1 ? [] : this.#failures.splice(failing, 1);
    if (failure !== undefined)
      return void response.writeHead(failure.status).end(JSON.stringify(failure.body));
    if (method !== 'getUpdates') {
      const result = { message_id: this.#nextMessage++ };
      return void response.end(JSON.stringify({ ok: true, result }));
    }
    const offset = Number(json['offset'] ?? 0);
    for (let at = this.#updates.length - 1; at >= 0; at -= 1)
      if ((this.#updates[at]?.update_id ?? 0) < offset) this.#updates.splice(at, 1);
    const give = (): void => {
      this.#waiting.delete(give);
      clearTimeout(timer);
      response.end(JSON.stringify({ ok: true, result: this.#updates }));
    };
    const timer = setTimeout(give, Number(json['timeout'] ?? 0) * 1_000);
    if (this.#updates.length > 0) return give();
    this.#waiting.add(give);
    response.on('close', () => {
      this.#waiting.delete(give);
      clearTimeout(timer);
    });
  }
}

function userOf(id: number): object {
  return { id, is_bot: false, username: id === 42 ? 'eve' : 'mallory' };
}

export function startBotApiServer(): Promise<BotApiServer> {
  return BotApiServer.start();
}
