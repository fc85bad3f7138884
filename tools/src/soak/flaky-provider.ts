import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '@opensqt/trading-events';
import { type ProviderName, confirmationOf } from './providers';

/** The ways in which a provider may treat a request, and the share of each in a hundred. */
const MOODS = { ok: 55, limited: 10, failing: 10, hanging: 5, resetting: 10, wrong_body: 10 } as const;
export type Mood = keyof typeof MOODS;

/** A request that came in whole. */
export interface Arrival {
  readonly provider: ProviderName;
  readonly body: string;
  readonly idempotencyKey: string | undefined;
  /** The provider's number of it. */
  readonly messageId: number;
  /** False where the provider said that it did not accept the message. */
  readonly accepted: boolean;
}

const MAX_OUTAGE_MS = 1_500;
const MAX_CALM_MS = 4_000;

/** A provider on loopback that misbehaves at random, and goes away for a while now and then, until it is healed. */
export class FlakyProvider {
  readonly moods: Partial<Record<Mood | 'refused', number>> = {};
  private server: Server;
  private healed = false;
  private readonly hanging = new Set<Socket>();
  private outages = Promise.resolve();

  constructor(
    readonly name: ProviderName,
    private readonly random: Random,
    /** The requests received, in the order of all providers. */
    private readonly arrivals: Arrival[],
  ) {
    this.server = this.newServer();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async start(): Promise<this> {
    await this.listen(0);
    this.outages = this.goAwayNowAndThen(this.port);
    return this;
  }

  /** From now on every request is accepted. */
  async heal(): Promise<void> {
    this.healed = true;
    await this.outages;
    this.dropHanging();
  }

  async close(): Promise<void> {
    await this.heal();
    await this.stopListening();
  }

  private async goAwayNowAndThen(port: number): Promise<void> {
    while (!this.healed) {
      await delay(this.random() * MAX_CALM_MS);
      if (this.healed) return;
      await this.stopListening();
      this.count('refused');
      await delay(this.random() * MAX_OUTAGE_MS);
      this.server = this.newServer();
      await this.listen(port);
    }
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
    this.dropHanging();
    await closed;
  }

  private dropHanging(): void {
    for (const socket of this.hanging) socket.resetAndDestroy();
    this.hanging.clear();
  }

  private async react(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    const mood = this.healed ? 'ok' : this.mood();
    this.count(mood);
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
      case 'hanging':
        this.hanging.add(request.socket);
        if (!this.server.listening) this.dropHanging();
        return;
    }
  }

  private mood(): Mood {
    let rest = this.random() * 100;
    for (const [mood, share] of Object.entries(MOODS) as [Mood, number][]) {
      rest -= share;
      if (rest < 0) return mood;
    }
    return 'ok';
  }

  private count(mood: Mood | 'refused'): void {
    this.moods[mood] = (this.moods[mood] ?? 0) + 1;
  }
}

/** It changes a message that has arrived and is none itself: made twice, it does no harm. */
function isEdit({ url = '' }: IncomingMessage): boolean {
  return url.endsWith('/editMessageText');
}
