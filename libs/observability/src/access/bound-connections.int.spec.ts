import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { eventually } from '@opensqt/trading-events/testing';
import { boundConnections } from './bound-connections';

describe('A server with bounded connections', () => {
  let server: Server;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url === '/held') response.write('begun\n');
      else request.resume().on('end', () => response.end('answered'));
    });
    boundConnections(server, 4);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** A connection that has sent that much. */
  async function open(sent: string): Promise<Socket> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    if (sent !== '') socket.write(sent);
    return socket;
  }

  const answer = async (): Promise<string> => {
    const { port } = server.address() as AddressInfo;
    return (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text();
  };
  const counted = (): Promise<number> =>
    new Promise((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );

  it.each([
    ['nothing', ''],
    ['half a header', 'GET / HTTP/1.1\r\nHost: a\r\n'],
    ['half a body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf'],
  ])('answers among connections that have sent %s, and keeps no more than it may', async (_, sent) => {
    for (let i = 0; i < 30; i++) await open(sent);
    expect(await answer()).toBe('answered');
    await eventually(async () => expect(await counted()).toBeLessThanOrEqual(4));
  });

  it('gives up no answer that is under way for connections that ask for nothing', async () => {
    const held = await open('GET /held HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(held, 'data');
    for (let i = 0; i < 30; i++) await open('');
    expect(await answer()).toBe('answered');
    expect(held.closed).toBe(false);
  });

  it('answers among answers that never end', async () => {
    for (let i = 0; i < 10; i++) await once(await open('GET /held HTTP/1.1\r\nHost: a\r\n\r\n'), 'data');
    expect(await answer()).toBe('answered');
  });

  it('bounds the time that headers and a request may take', () => {
    expect(server.headersTimeout).toBeLessThanOrEqual(10_000);
    expect(server.requestTimeout).toBeLessThanOrEqual(30_000);
  });
});
