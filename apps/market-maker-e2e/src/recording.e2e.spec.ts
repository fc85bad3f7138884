import { Workplace } from './testing/market-maker-process';
import { type Entry, type LoggedEvent, expectBooksToMatch } from './testing/recorded-books';
import { syntheticRecording } from './testing/synthetic-recording';

describe('a recording, run as fast as it goes', () => {
  let workplace: Workplace;
  beforeEach(() => {
    workplace = new Workplace();
  });
  afterEach(() => workplace.clear());

  const made = (): readonly Entry[] => [
    { symbol: 'AAAEUR', path: workplace.write('a.csv', syntheticRecording('a', 4_000, 60_000)) },
    { symbol: 'BBBEUR', path: workplace.write('b.csv', syntheticRecording('b', 4_000, 3_000)) },
  ];

  it('shows metrics that equal the books kept from the fills alone', () =>
    expectBooksToMatch(workplace, made()));

  it('gives the same events again, measured durations aside, at another speed', async () => {
    const recording = made();
    const runs = await Promise.all(
      (['max', 1_000_000] as const).map(async (speed) => {
        const place = new Workplace();
        const marketMaker = await place.start({ exchange: { source: 'recording', speed }, recording });
        await marketMaker.printed('Recording finished');
        await marketMaker.end('SIGTERM');
        const events = (await place.command('events')).trimEnd().split('\n');
        await place.clear();
        return events
          .map((line) => JSON.parse(line) as LoggedEvent)
          .filter(({ source }) => source !== 'alerts');
      }),
    );
    const [first = [], second = []] = runs.map((events) =>
      events.map(({ position: _position, data: { tickToTradeMs: _measured, ...data }, ...event }) => ({
        ...event,
        data,
      })),
    );
    expect(first.length).toBeGreaterThan(100);
    expect(second).toEqual(first);
  });

  it('reports a malformed line with file and line, skips it, and goes on', async () => {
    const lines = syntheticRecording('c', 500, 100).split('\n');
    lines.splice(100, 0, 'not,a,trade', '1710374500000,NaN,1', '1710374500000,-5,1');
    const path = workplace.write('broken.csv', lines.join('\n'));
    const recording = [{ symbol: 'AAAEUR', path }];
    const marketMaker = await workplace.start({ exchange: { source: 'recording', speed: 'max' }, recording });
    await marketMaker.printed('Recording finished');
    for (const line of [101, 102, 103])
      expect(marketMaker.output).toContain(`broken.csv:${line} was skipped`);
    await marketMaker.printed('Trades 500, malformed lines 3');
  });

  it('ends by itself when the configuration says so', async () => {
    const recording = [
      { symbol: 'AAAEUR', path: workplace.write('a.csv', syntheticRecording('d', 300, 100)) },
    ];
    const exchange = { source: 'recording', speed: 'max', when_finished: 'exit' };
    const marketMaker = await workplace.start({ exchange, recording });
    expect(await marketMaker.ended()).toEqual({ code: 0, signal: null });
    expect(await workplace.command('events', '--type', 'order.canceled')).toContain('"shutdown"');
  });

  describe('that cannot be read as what it is', () => {
    const start = (whenFinished: string) => {
      const recording = [{ symbol: 'AAAEUR', path: workplace.write('a.csv', 'what;is;this\n'.repeat(30)) }];
      const exchange = { source: 'recording', speed: 'max', when_finished: whenFinished };
      return workplace.start({ exchange, recording });
    };

    it('ends with status 1 where a finished one ends the process', async () => {
      const marketMaker = await start('exit');
      expect(await marketMaker.ended()).toEqual({ code: 1, signal: null });
      expect(marketMaker.output).toContain('a.csv is in no known format');
      expect(marketMaker.output).toContain('CRITICAL · Trading has ended');
    });

    it('stays up and not healthy, with the sentence, where a finished one is served', async () => {
      const marketMaker = await start('serve');
      await marketMaker.printed('CRITICAL · Trading has ended');
      const health = () => marketMaker.get('/health');
      await marketMaker.eventually(
        async () => (await health()).text.includes('a.csv is in no known format'),
        {
          what: 'the sentence stands in /health',
        },
      );
      const { status, text } = await health();
      expect([status, (await marketMaker.get('/health/ready')).status]).toEqual([503, 503]);
      expect(JSON.parse(text)).toMatchObject({
        details: { trading: { status: 'down' } },
        verdict: { verdict: 'not_trading' },
      });
      expect((await marketMaker.get('/health/live')).status).toBe(200);
      expect((await marketMaker.get('/metrics')).status).toBe(200);
      expect(await marketMaker.end('SIGTERM')).toEqual({ code: 1, signal: null });
    });
  });
});
