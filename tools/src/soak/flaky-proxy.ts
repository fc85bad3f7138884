import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Random } from '@opensqt/trading-events';
import { Counts, type Flaky, pick } from './come-and-go';

/** The moments at which a proxy may drop a connection, and the share of each in a hundred. */
const MOODS = { passing: 84, dropping_before: 4, dropping_during: 4, dropping_after: 8 } as const;
type Mood = keyof typeof MOODS;

/** An HTTP proxy on loopback that drops connections before, during and after a request, until it is healed. */
export class FlakyProxy implements Flaky {
  readonly name = 'proxy';
  private readonly done = new Counts<Mood>();
  private isHealed = false;
  private readonly server = createServer((request, response) => {
    this.pass(request, response).catch((error: unknown) => fail(error, request, response));
  });

  constructor(private readonly random: Random) {}

  get moods() {
    return this.done.counts;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  heal(): Promise<void> {
    this.isHealed = true;
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const mood = this.isHealed ? 'passing' : pick(this.random, MOODS);
    this.done.add(mood);
    if (mood === 'dropping_before') return void request.socket.resetAndDestroy();
    const body = await buffer(request);
    const { method, headers, url = '' } = request;
    const passed = httpRequest(url, { method, headers, agent: false });
    if (mood === 'dropping_during') {
      passed.write(body.subarray(0, body.length / 2), () => passed.destroy(new Error('dropped')));
      return void (await once(passed, 'response'));
    }
    const [answer] = (await once(passed.end(body), 'response')) as [IncomingMessage];
    const text = await buffer(answer);
    if (mood === 'dropping_after') return void request.socket.resetAndDestroy();
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(text);
  }
}

/** It says so where nobody was there; what broke later breaks here, too, as in a tunnel. */
function fail(error: unknown, request: IncomingMessage, response: ServerResponse): void {
  if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') response.writeHead(502).end();
  else request.socket.resetAndDestroy();
}
