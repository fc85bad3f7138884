import { readFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Overview } from '@opensqt/observability/console-api';
import { REPOSITORY } from '../../testing/market-maker-process';
import * as fixtures from './fixtures';

const BUILT = join(REPOSITORY, 'libs/observability/console');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A change that a page has asked for. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/**
 * Serves the built page and states of the API that a market maker would need hours for: `overview` is what the stream says. Its policy is
 * stricter than the product's: nothing but the page's own origin.
 */
export class PageServer {
  private readonly server: Server;
  private readonly streams = new Set<ServerResponse>();
  private readonly beats: NodeJS.Timeout;
  private isDown = false;
  readonly asked: Asked[] = [];
  /** The sentence that changes are refused with from now on. */
  refusal: string | undefined;

  /** @param overview null: it has nothing to say yet */
  constructor(private readonly overview: Overview | null) {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.beats = setInterval(() => this.beat(), 1_000);
  }

  /** Begins to listen; gives the address of the page. */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () => {
        resolve(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`);
      });
    });
  }

  /** Hangs up on every page and answers none, as a process that was killed. */
  fall(): void {
    this.isDown = true;
    this.server.closeAllConnections();
  }

  /** Answers again. */
  rise(): void {
    this.isDown = false;
  }

  /** Ends the connections; no page hears any more. */
  async close(): Promise<void> {
    clearInterval(this.beats);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private beat(): void {
    for (const stream of this.streams)
      stream.write(`event: heartbeat\ndata: ${JSON.stringify({ position: 1, wallTime: Date.now() })}\n\n`);
  }

  private tell(stream: ServerResponse): void {
    if (this.overview === null) return;
    stream.write(
      `event: overview\nid: ${this.overview.position}\ndata: ${JSON.stringify(this.overview)}\n\n`,
    );
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isDown) return void request.socket.destroy();
    const url = new URL(request.url ?? '/', 'http://page');
    const [, path] = /api\/v1\/(.*)$/.exec(url.pathname) ?? [];
    if (path === undefined) return this.file(url.pathname, response);
    if (path === 'stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      this.streams.add(response);
      response.on('close', () => this.streams.delete(response));
      return this.tell(response);
    }
    if (request.method !== 'GET') {
      const text = (await request.setEncoding('utf8').toArray()).join('');
      this.asked.push({
        method: request.method ?? '',
        path,
        body: text === '' ? null : (JSON.parse(text) as unknown),
      });
    }
    if (request.method !== 'GET' && this.refusal !== undefined) {
      response.writeHead(400, { 'content-type': 'application/problem+json' });
      return void response.end(JSON.stringify({ detail: this.refusal, code: 'INVALID_REQUEST' }));
    }
    const body = this.bodyOf(path, url.searchParams);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { detail: 'The log has no such thing.', code: 'NOT_FOUND' }));
  }

  private file(path: string, response: ServerResponse): void {
    const name = /(assets\/[^/]+|icon-[^/]+)$/.exec(path)?.[0] ?? 'index.html';
    response.writeHead(200, {
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': "default-src 'self'",
    });
    response.end(readFileSync(join(BUILT, name)));
  }

  private bodyOf(path: string, query: URLSearchParams): unknown {
    const [name = '', id = '', part] = path.split('/').map(decodeURIComponent);
    const number = (key: string) => (query.has(key) ? Number(query.get(key)) : null);
    const { alerts, symbols } = this.overview ?? fixtures.overview();
    const alert = alerts.items.find((one) => one.id === id);
    switch (name) {
      case 'overview':
        return {
          ...fixtures.notTrading(),
          mode: 'past',
          position: number('at'),
          log: { rate: null, waiting: null, failure: null },
          time: fixtures.NOW - 60_000,
        };
      case 'series':
        return fixtures.series(symbols.map(({ symbol }) => symbol));
      case 'alerts':
        if (id !== '') return alert && fixtures.alertDetail(alert);
        return { position: 1, alerts: fixtures.pastAlerts(), next: null };
      case 'events':
        return part === 'causation' ? fixtures.causation(Number(id)) : fixtures.eventsPage(number('after'));
      case 'timeline':
        return fixtures.timeline();
      case 'channels':
        return fixtures.delivery();
      case 'missed':
        return fixtures.missed(number('after') ?? number('from') ?? 0);
      case 'rules':
        return id === 'runs' ? fixtures.rulesRun() : fixtures.rules();
      case 'session':
        return fixtures.session();
      case 'breakers':
        return part === 'reset'
          ? {}
          : [
              {
                scope: 'global',
                reasons: [
                  { reason: 'max_drawdown', since: { at: fixtures.NOW, position: 5_531 }, until: null },
                ],
                tripped: { value: '2500.74', threshold: '2500' },
                now: {
                  ...{ value: '5269.83', threshold: '2500', unit: 'USDT' },
                  words: '5,269.83 USDT (limit 2,500 USDT)',
                },
                wouldTripAgain: true,
              },
            ];
      default:
        return undefined;
    }
  }
}
