import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Random } from '@opensqt/trading-events';
import { Counts, type Flaky, comeAndGo, pick } from './come-and-go';
import { type ReceiverName, type WebProvider, confirmationOf } from './providers';

/** The ways in which a provider may treat a request, and the share of each in a hundred. */
const MOODS = {
  ok: 53,
  limited: 10,
  failing: 10,
  hanging: 5,
  resetting: 10,
  wrong_body: 10,
  slow: 2,
} as const;
type Mood = keyof typeof MOODS;

/** The time that a slow provider takes for its answer: longer than some channels wait, and not as long as others do. */
const SLOW_MS = 12_000;

/** A message that came in whole. */
export interface Arrival {
  readonly provider: ReceiverName;
  readonly body: string;
  readonly idempotencyKey: string | undefined;
  /** The provider's number of it. */
  readonly messageId: number;
  /** False where the provider said that it did not accept the message. */
  readonly accepted: boolean;
}

/** A provider on loopback that misbehaves at random, and goes away for a while now and then, until it is healed. */
export class FlakyProvider implements Flaky {
  private readonly done = new Counts<Mood | 'refused'>();
  private server: Server;
  private readonly healed = new AbortController();
  private hasBeenSlow = false;
  private readonly waiting = new Set<Socket>();
  private outages = Promise.resolve();

  constructor(
    readonly name: WebProvider,
    private readonly random: Random,
    /** The messages received, in the order of all receivers. */
    private readonly arrivals: Arrival[],
  ) {
    this.server = this.newServer();
  }

  get moods() {
    return this.done.counts;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async start(): Promise<this> {
    await this.listen(0);
    const { port } = this;
    this.outages = comeAndGo({
      random: this.random,
      healed: this.healed.signal,
      leave: () => this.stopListening(),
      comeBack: () => {
        this.done.add('refused');
        this.server = this.newServer();
        return this.listen(port);
      },
    });
    return this;
  }

  /** From now on every request is accepted; the answer to the first one is slow once more. */
  async heal(): Promise<void> {
    this.healed.abort();
    await this.outages;
    this.dropWaiting();
  }

  async close(): Promise<void> {
    await this.heal();
    await this.stopListening();
  }

  private newServer(): Server {
    return createServer((request, response) => {
      this.react(request, response).catch(() => response.destroy());
    });
  }

  private async listen(port: number): Promise<void> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Refuses connections. What is being read is still read, so that every request is known to have come in or not. */
  private async stopListening(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.dropWaiting();
    await closed;
  }

  private dropWaiting(): void {
    for (const socket of this.waiting) socket.resetAndDestroy();
    this.waiting.clear();
  }

  private async react(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    const mood = this.mood();
    this.done.add(mood);
    const key = request.headers['idempotency-key'];
    const accepted = mood !== 'limited' && mood !== 'failing';
    const messageId = this.arrivals.length + 1;
    if (!isEdit(request)) {
      this.arrivals.push({ provider: this.name, body, idempotencyKey: key?.toString(), messageId, accepted });
    }
    const { status, body: confirmation } = confirmationOf(this.name, messageId);
    switch (mood) {
      case 'ok':
        return void response.writeHead(status).end(confirmation);
      case 'limited':
        return void response.writeHead(429, { 'retry-after': '1' }).end();
      case 'failing':
        return void response.writeHead(500).end('<html>oops</html>');
      case 'wrong_body':
        return void response.writeHead(200).end('<html>Log in to the hotel</html>');
      case 'resetting':
        return void request.socket.resetAndDestroy();
      case 'slow':
        setTimeout(() => {
          this.waiting.delete(request.socket);
          response.writeHead(status).end(confirmation);
        }, SLOW_MS).unref();
        return this.wait(request.socket);
      case 'hanging':
        return this.wait(request.socket);
    }
  }

  private wait(socket: Socket): void {
    this.waiting.add(socket.once('close', () => this.waiting.delete(socket)));
    if (!this.server.listening) this.dropWaiting();
  }

  private mood(): Mood {
    if (!this.healed.signal.aborted) return pick(this.random, MOODS);
    if (this.hasBeenSlow) return 'ok';
    this.hasBeenSlow = true;
    return 'slow';
  }
}

/** It changes a message that has arrived and is none itself: made twice, it does no harm. */
function isEdit({ url = '' }: IncomingMessage): boolean {
  return url.endsWith('/editMessageText');
}
