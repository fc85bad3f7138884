import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { PostgresServer } from '@opensqt/event-log/testing';
import { SMTPServer } from 'smtp-server';

/** The addresses that an application keeps its logs at, and sends to. */
export interface Places {
  readonly folder: string;
  readonly postgres: string;
  /** The beginning of the names of its schemas. */
  readonly schema: string;
  readonly mailPort: number;
  readonly mailTo: string;
  readonly collector: string;
}

/** A database, a mail server and a collector on loopback, for the applications that are configured to use them. */
export class Receivers {
  readonly #mails: string[] = [];
  readonly #mailServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData: (stream, _, done) =>
      void text(stream).then((mail) => {
        this.#mails.push(mail);
        done();
      }),
  });

  readonly #exports: { readonly path: string | undefined; readonly body: string }[] = [];
  readonly #collector = createServer(
    (request, response) =>
      void text(request).then((body) => {
        this.#exports.push({ path: request.url, body });
        response.end('{}');
      }),
  );

  private constructor(private readonly postgres: PostgresServer) {}

  static async start(): Promise<Receivers> {
    const receivers = new Receivers(await PostgresServer.start());
    await once(receivers.#collector.listen(0, '127.0.0.1'), 'listening');
    await once(receivers.#mailServer.listen(0, '127.0.0.1'), 'listening');
    return receivers;
  }

  /** @param folder is made; its name is that of the application */
  placesFor(folder: string): Places {
    mkdirSync(folder);
    const name = basename(folder);
    return {
      ...{ folder, postgres: this.postgres.url, schema: name },
      ...{ mailPort: portOf(this.#mailServer.server), mailTo: `${name}@desk.example` },
      collector: `http://127.0.0.1:${portOf(this.#collector)}/${name}`,
    };
  }

  /** True when all that an application sends of a fill is there. */
  async haveAll({ schema, mailTo }: Places): Promise<boolean> {
    const [counted] = await this.postgres.query(
      `SELECT count(*)::int AS fills FROM ${schema}_one.events WHERE type = 'order.filled'`,
    );
    const mails = this.#mails.filter((mail) => mail.includes(`To: ${mailTo}`));
    const exports = this.#exports.filter(({ path }) => path === `/${schema}/v1/metrics`);
    return (
      Number(counted?.['fills']) > 0 &&
      mails.some((mail) => mail.includes('Large execution')) &&
      exports.some(({ body }) => body.includes('market_maker_orders_filled'))
    );
  }

  async end(): Promise<void> {
    await new Promise<void>((closed) => this.#mailServer.close(() => closed()));
    this.#collector.closeAllConnections();
    this.#collector.close();
    await this.postgres.remove();
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
