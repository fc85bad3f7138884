import { type MarketMakerProcess, Workplace } from './testing/market-maker-process';
import { syntheticRecording } from './testing/synthetic-recording';

interface Health {
  readonly verdict: {
    readonly verdict: string;
    readonly title: string;
    readonly since?: { readonly at: number; readonly position?: number };
    readonly symbols: { readonly still: readonly { readonly symbol: string; readonly code: string }[] };
  };
}

describe('the health of the market maker', () => {
  const workplace = new Workplace();
  afterAll(() => workplace.clear());

  const health = async (marketMaker: MarketMakerProcess): Promise<Health> =>
    JSON.parse((await marketMaker.get('/health')).text) as Health;

  it('is down once the recording has ended, since the record that says so', async () => {
    const recording = [
      { symbol: 'AAAEUR', path: workplace.write('a.csv', syntheticRecording('a', 2_000, 60_000)) },
    ];
    const settings = { exchange: { source: 'recording', speed: 'max' }, recording };
    const first = await workplace.start(settings);
    await first.printed('Recording finished');
    await first.eventually(async () => (await health(first)).verdict.since?.position !== undefined, {
      what: 'the position of the last change',
    });
    expect((await first.get('/health/ready')).status).toBe(503);
    expect((await first.get('/health/live')).status).toBe(200);
    const { verdict } = await health(first);
    expect(verdict).toMatchObject({
      ...{ verdict: 'not_trading', title: 'Not trading: trading ended' },
      symbols: { still: [{ symbol: 'AAAEUR', code: 'ended' }] },
    });
    const events = (await workplace.command('events', '--type', 'quoting.paused')).trimEnd().split('\n');
    const ended = events.map((line) => JSON.parse(line) as { position: number; data: { reason: string } });
    expect(verdict.since?.position).toBe(ended.findLast(({ data }) => data.reason === 'ended')?.position);
    await first.end('SIGKILL');
  });

  it('is ready while it trades, and says of each symbol that stands still why', async () => {
    const marketMaker = await workplace.start({
      ...{ symbols: [{ symbol: 'AAAUSDT' }, { symbol: 'BBBUSDT' }], event_log: { path: 'two.db' } },
      exchange: { speed: 300 },
    });
    await marketMaker.answering();
    await marketMaker.eventually(async () => (await marketMaker.get('/health/ready')).status === 200, {
      what: 'it is ready',
    });
    expect((await health(marketMaker)).verdict.verdict).toBe('trading');
    await marketMaker.eventually(
      async () => {
        const [ready, { verdict }] = [await marketMaker.get('/health/ready'), await health(marketMaker)];
        return ready.status === 503 && verdict.title === 'Not trading: market stream lost';
      },
      { what: 'the market stream is lost' },
    );
    await marketMaker.end('SIGTERM');
  });
});
