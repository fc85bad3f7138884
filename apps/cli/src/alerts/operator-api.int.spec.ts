import { type RequestListener, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorApi } from './operator-api';

const TOKEN = 'operators-secret';

describe('The API as an operator’s command asks it', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function listening(answer: RequestListener): Promise<number> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  async function ask(answer: RequestListener): Promise<unknown> {
    const port = await listening(answer);
    return new OperatorApi(`http://127.0.0.1:${port}`, TOKEN).ask('POST', '/alerts/test', { channel: 'log' });
  }

  it('gives what is answered', async () => {
    const answered = ask((_, response) => response.end('{"delivered":true}'));
    expect(await answered).toEqual({ delivered: true });
  });

  it('follows no redirect, so that the token stays where it belongs', async () => {
    const seen: unknown[] = [];
    const elsewhere = await listening(({ headers }, response) => {
      seen.push(headers);
      response.end('{}');
    });
    const answered = ask((_, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${elsewhere}/` }).end(),
    );
    await expect(answered).rejects.toThrow(/127\.0\.0\.1:\d+ answered \/alerts\/test strangely: status 307/);
    expect(seen).toEqual([]);
  });

  it.each([200, 404, 500])('says which address answers with %s and no JSON', async (status) => {
    const answered = ask((_, response) => response.writeHead(status).end('<html>Another program</html>'));
    await expect(answered).rejects.toThrow(/127\.0\.0\.1:\d+ answered \/alerts\/test strangely/);
  });

  it('says which address answers with JSON of another kind', async () => {
    const port = await listening((_, response) => response.end('{"silences":[]}'));
    const api = new OperatorApi(`http://127.0.0.1:${port}`, TOKEN);
    const strange = /127\.0\.0\.1:\d+ answered \/alerts\/silences strangely/;
    await expect(api.list('/alerts/silences')).rejects.toThrow(strange);
    await expect(api.ask('POST', '/alerts/silences', {}, 'silenceId')).rejects.toThrow(strange);
  });

  it('reads no answer without end', async () => {
    const answered = ask((_, response) => {
      const write = (): void => {
        while (response.write(' '.repeat(65_536)));
      };
      response.on('drain', write);
      write();
    });
    await expect(answered).rejects.toThrow(/strangely: status 200 with an answer that has no end/);
  });

  it('says which address breaks off', async () => {
    const answered = ask((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"deli', () => response.destroy());
    });
    await expect(answered).rejects.toThrow(/127\.0\.0\.1:\d+ answered \/alerts\/test strangely/);
  });

  it('reads a list to its last page, and asks for each at its own address', async () => {
    const seen: string[] = [];
    const port = await listening(({ url = '' }, response) => {
      seen.push(url);
      const next = `<http://elsewhere.example/alerts?cursor=${seen.length}&limit=1>; rel="next"`;
      response.writeHead(200, seen.length === 3 ? {} : { link: next }).end(`[${seen.length}]`);
    });
    const api = new OperatorApi(`http://127.0.0.1:${port}`, TOKEN);
    expect(await api.list('/alerts')).toEqual([1, 2, 3]);
    expect(seen).toEqual(['/alerts', '/alerts?cursor=1&limit=1', '/alerts?cursor=2&limit=1']);
  });

  it('never shows the token, even where the answer has it', async () => {
    const answered = ask((request, response) =>
      response
        .writeHead(400)
        .end(JSON.stringify({ message: `bad header ${request.headers.authorization ?? ''}` })),
    );
    await expect(answered).rejects.toThrow('bad header Bearer ***');
  });
});
