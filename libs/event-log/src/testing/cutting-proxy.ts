import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** The end of an answer to a transaction that was committed: the server is ready for the next one (ReadyForQuery, idle). */
const READY = Buffer.from('Z\0\0\0\x05I', 'latin1');

/** Stands between a log and its server, and cuts connections when the server has committed and its answer is under way. */
export class CuttingProxy {
  cuts = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private armed: ((request: string) => boolean) | undefined;

  /** @param url of the server */
  static async before(url: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(new URL(url));
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  private constructor(private readonly target: URL) {
    this.server = createServer((client) => this.join(client));
  }

  /** The URL that leads through it. */
  get url(): string {
    const url = new URL(this.target);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Cuts the next answer to a request that contains that text. */
  cutAnswerTo(text: string): void {
    this.armed = (request) => request.includes(text);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    let request = '';
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          this.sockets.delete(one);
          other.destroy();
        });
    }
    client.on('data', (chunk) => {
      request += chunk.toString('latin1');
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      const isReady = chunk.subarray(-READY.length).equals(READY);
      if (isReady && this.armed?.(request) === true) {
        this.armed = undefined;
        this.cuts += 1;
        client.destroy();
        return;
      }
      if (isReady) request = '';
      client.write(chunk);
    });
  }
}
