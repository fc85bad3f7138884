import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Workplace } from './testing/market-maker-process';

describe('bad input', () => {
  let workplace: Workplace;
  beforeEach(() => {
    workplace = new Workplace();
  });
  afterEach(() => workplace.clear());

  async function refused(yaml: string): Promise<string> {
    const marketMaker = workplace.run(['--config', workplace.write('bad.yaml', yaml)]);
    expect(await marketMaker.ended()).toEqual({ code: 78, signal: null });
    return marketMaker.output;
  }

  it('lists every violation of a configuration and exits with 78 before anything starts', async () => {
    const output = await refused(`
server: { prot: 8080 }
telemetry: { metrics_enabled: maybe }
alerts:
  exchange_disconnect: { persistent_after: 60 }
  slack: { enabled: true }
  telegram: { enabled: true, bot_token: "123:very-secret", chat_id: "1", api_root: not a url }
`);
    for (const path of [
      'server.prot',
      'telemetry.metrics_enabled',
      'alerts.exchange_disconnect.persistent_after',
      'alerts.slack.webhook_url',
      'alerts.telegram.api_root',
    ]) {
      expect(output).toContain(path);
    }
    expect(output).not.toContain('very-secret');
    expect(output).not.toContain('Starting Nest');
  });

  it('exits with 78 for a recording that is not there', async () => {
    const yaml = 'exchange: { source: recording }\nrecording: [{ symbol: A, path: nowhere.csv }]';
    expect(await refused(yaml)).toMatch(/bad\.yaml/);
  });

  it('exits with 78 when the file is not there, and names it', async () => {
    const marketMaker = workplace.run(['--config', 'missing.yaml']);
    expect(await marketMaker.ended()).toEqual({ code: 78, signal: null });
    expect(marketMaker.output).toContain('missing.yaml');
  });

  it('explains itself for an unknown option', async () => {
    const marketMaker = workplace.run(['--confgi', 'x']);
    expect(await marketMaker.ended()).toEqual({ code: 2, signal: null });
    expect(marketMaker.output).toContain('Usage: npm start');
  });

  it('says which port is in use and what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    for (const [server, telemetry, key] of [
      [{ port }, {}, 'server.port'],
      [{}, { metrics_port: port }, 'telemetry.metrics_port'],
    ] as const) {
      const marketMaker = await workplace.start({ server, telemetry });
      expect(await marketMaker.ended()).toEqual({ code: 1, signal: null });
      expect(marketMaker.output).toContain(`127.0.0.1:${port}`);
      expect(marketMaker.output).toContain(key);
    }
    taken.close();
  });

  it('refuses a log that another process writes', async () => {
    const first = await workplace.start();
    await first.answering();
    const second = await workplace.start();
    expect((await second.ended()).code).toBe(1);
    expect(second.output).toMatch(/event log|events\.db/i);
    expect((await first.get('/health/live')).status).toBe(200);
  });
});
