import { type IncomingMessage, createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Access } from '../../access/access';
import { boundConnections } from '../../access/bound-connections';
import { MetricsPage } from './metrics-page';

/** The address of a listener for `/metrics` alone. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Injection token of the {@link ListenAddress}. */
export const METRICS_ADDRESS = Symbol('METRICS_ADDRESS');

/** `/metrics` on a port of its own, for a network that scrapes but must not reach the rest. */
@Injectable()
export class MetricsListener implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Metrics');
  private server: Server | undefined;

  constructor(
    @Inject(METRICS_ADDRESS) private readonly address: ListenAddress | undefined,
    private readonly page: MetricsPage,
    private readonly access: Access,
  ) {}

  /** The port that is listened on (useful when 0 was asked for); undefined when there is no listener. */
  get port(): number | undefined {
    return (this.server?.address() as AddressInfo | null | undefined)?.port;
  }

  async onModuleInit(): Promise<void> {
    if (this.address === undefined) return;
    const { host, port } = this.address;
    const server = createServer((request, response) => void this.answer(request, response));
    boundConnections(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    }).catch((error: NodeJS.ErrnoException) => {
      throw new Error(
        `/metrics cannot listen on ${host}:${port} (${error.code ?? error.message}). Choose another telemetry.metrics_port, or stop what uses this one.`,
        { cause: error },
      );
    });
    this.server = server;
    this.logger.log(`Metrics at http://${host.includes(':') ? `[${host}]` : host}:${this.port}/metrics`);
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!this.access.isForListener(request, this.address?.host ?? '')) {
        response.writeHead(403, { 'content-type': 'text/plain' }).end('Not under this name.\n');
        return;
      }
      const refusal = this.access.refusalToRead(request, 'metrics');
      if (refusal !== undefined) {
        response.writeHead(refusal.status, { 'content-type': 'text/plain' }).end(`${refusal.message}\n`);
        return;
      }
      if (request.url?.split('?', 1)[0] !== '/metrics') {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('Only /metrics is here.\n');
        return;
      }
      const { status, contentType, encoding, body } = await this.page.render({
        accept: request.headers.accept,
        acceptEncoding: request.headers['accept-encoding']?.toString(),
      });
      response.writeHead(status, {
        'content-type': contentType,
        vary: 'Accept, Accept-Encoding',
        ...(encoding && { 'content-encoding': encoding }),
      });
      await pipeline(Readable.from(body), response);
    } catch (error) {
      if (response.headersSent) return;
      this.logger.error(`A scrape failed: ${String(error)}`);
      response.writeHead(500, { 'content-type': 'text/plain' }).end('The metrics could not be rendered.\n');
    }
  }
}
