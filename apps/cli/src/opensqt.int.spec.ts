import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ProcessResult, runSource } from '@opensqt/event-log/testing';

describe('the command opensqt of the package, beside somebody’s application', () => {
  let folder: string;
  let server: Server;
  let url: string;
  const asked: { readonly path: string; readonly headers: IncomingHttpHeaders }[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opensqt-cli-'));
    writeFileSync(join(folder, 'config.yaml'), "the application's own: true\n");
    server = createServer((request, response) => {
      asked.push({ path: `${request.method} ${request.url}`, headers: request.headers });
      response.end(request.url === '/alerts' ? '[]' : '<html>');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await new Promise((closed) => server.close(closed));
    rmSync(folder, { recursive: true, force: true });
  });

  const opensqt = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ProcessResult> =>
    runSource(resolve(__dirname, 'opensqt.ts'), args, { cwd: folder, env });

  it('says which commands there are', async () => {
    expect(await opensqt([])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('npx opensqt COMMAND'),
    });
    expect(await opensqt(['alert'])).toMatchObject({
      status: 2,
      stderr: "opensqt: There is no command 'alert'. It knows alerts, events, replay, verify, backup.\n",
    });
  });

  it.each(['alerts', 'events', 'replay', 'verify', 'backup'])(
    'explains %s as it is typed there',
    async (name) => {
      const { status, stdout } = await opensqt([name, '--help']);
      expect(status).toBe(0);
      expect(stdout).toContain(`Usage: npx opensqt ${name}`);
      expect(stdout).not.toContain('npm run');
      const { stderr } = await opensqt([name, '--hlep']);
      expect(stderr).toContain(`Try: npx opensqt ${name} --help`);
    },
  );

  it('asks the process that is named, with the token of a file, and leaves the application’s configuration alone', async () => {
    writeFileSync(join(folder, 'token'), 'secret\n');
    expect(await opensqt(['alerts', 'list', '--url', url, '--token-file', 'token'])).toMatchObject({
      status: 0,
      stdout: 'none\n',
    });
    expect(asked.at(-1)).toMatchObject({
      path: 'GET /alerts',
      headers: { authorization: 'Bearer secret' },
    });
  });

  it('finds process and token in the environment, too', async () => {
    const env = { OPENSQT_URL: `${url}/`, OPENSQT_TOKEN: 'other' };
    expect(await opensqt(['alerts', 'list'], env)).toMatchObject({ status: 0, stdout: 'none\n' });
    expect(asked.at(-1)?.headers.authorization).toBe('Bearer other');
  });

  it('says what is missing, or wrong', async () => {
    expect((await opensqt(['alerts', 'list'])).stderr).toBe(
      'alerts: Name the process with --url, such as http://127.0.0.1:3000, or with OPENSQT_URL.\n',
    );
    expect((await opensqt(['alerts', 'silences', '--url', url])).stderr).toBe(
      `alerts: ${url} answered /alerts/silences strangely: status 200 with something that is not JSON. Does another program listen there?\n`,
    );
    expect((await opensqt(['alerts', 'list', '--url', url, '--token-file', 'none'])).stderr).toBe(
      "alerts: The token's file none can't be read (ENOENT).\n",
    );
  });
});
