import type { Server } from 'node:http';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** An answer that is under way when the server closes has one to two of these (ms) to end. */
const INTERVAL_MS = 1_000;

/**
 * Ends what is left of the connections of a server that closes: Node waits for each of them, and one that never sent a whole request (a
 * probe, a browser's spare connection, half a request) never ends by itself.
 */
@Injectable()
export class OpenConnections implements BeforeApplicationShutdown {
  constructor(private readonly host: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server: Server | undefined = this.host.httpAdapter?.getHttpServer();
    if (server?.listening !== true) return;
    let closes = false;
    const timer = setInterval(() => {
      if (closes) server.closeAllConnections();
      closes = !server.listening;
    }, INTERVAL_MS).unref();
    server.once('close', () => clearInterval(timer));
  }
}
