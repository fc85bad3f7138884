import { Workplace } from './testing/market-maker-process';

describe('a market maker whose log is in a database that does not answer', () => {
  const workplace = new Workplace();
  afterAll(() => workplace.clear());

  it('names the server, and not the password', async () => {
    const configuration = { event_log: { kind: 'postgres', url: '${DATABASE_URL}' } };
    const url = 'postgres://trader:nobody-sees-this@127.0.0.1:1/trading';
    const marketMaker = await workplace.start(configuration, { DATABASE_URL: url });
    expect(await marketMaker.ended()).toEqual({ code: 1, signal: null });
    expect(marketMaker.output).toContain('PostgreSQL at 127.0.0.1:1/trading');
    expect(marketMaker.output).not.toContain('nobody-sees-this');
  });
});
