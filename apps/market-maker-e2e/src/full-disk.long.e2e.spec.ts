import { FILLS, FullDiskRun } from './testing/full-disk-run';
import { metricIn } from './testing/market-maker-process';
import { SmallVolume } from './testing/small-volume';

const withRoot = SmallVolume.permitted ? describe : describe.skip;

withRoot('a full disk that has space again', () => {
  let run: FullDiskRun;
  beforeAll(() => {
    run = FullDiskRun.make();
  });
  afterAll(() => run.clear());

  it('stopped no trading, and loses nothing', async () => {
    const marketMaker = await run.start();
    const before = (await marketMaker.metric(FILLS)) ?? 0;
    await marketMaker.above(FILLS, before);

    run.disk.empty();
    await marketMaker.printed('The event log can be written again');
    await marketMaker.eventually(
      async () => JSON.parse((await marketMaker.get('/health')).text).details.event_log.status === 'up',
      { what: 'the log is healthy' },
    );
    expect(await marketMaker.end('SIGTERM')).toEqual({ code: 0, signal: null });

    const { log, workplace } = run;
    const events = await workplace.command('events', '--log', log, '--type', 'order.filled');
    const inTheLog = events
      .split('\n')
      .filter((line) => line.includes('"BTCUSDT"') && line.includes('"buy"')).length;
    const replayed = await workplace.command('replay', '--log', log);
    expect(metricIn(replayed, FILLS)).toBe(inTheLog);
    const [, fillsPrinted] = /Stopped after \d+ orders, (\d+) fills/.exec(marketMaker.output) ?? [];
    expect(events.trimEnd().split('\n')).toHaveLength(Number(fillsPrinted));
  });
});
