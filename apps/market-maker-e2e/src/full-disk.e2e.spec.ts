import { join } from 'node:path';
import { Workplace, metricIn } from './testing/market-maker-process';
import { SmallVolume } from './testing/small-volume';

const fills = 'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}';

describe('a full disk', () => {
  const workplace = new Workplace();
  const volumes: SmallVolume[] = [];
  afterAll(async () => {
    await workplace.clear();
    for (const volume of volumes) volume.unmount();
  });

  function smallDisk(): SmallVolume {
    const volume = new SmallVolume(6);
    volumes.push(volume);
    return volume;
  }

  const withRoot = SmallVolume.permitted ? it : it.skip;
  withRoot('is reported at once, stops no trading, and loses nothing once there is space again', async () => {
    const disk = smallDisk();
    const marketMaker = await workplace.start({
      exchange: { speed: 1_200 },
      event_log: { path: join(disk.folder, 'events.db') },
    });
    await marketMaker.answering();
    await marketMaker.above(fills);

    disk.fill();
    await marketMaker.printed('The event log cannot be written');
    expect((await marketMaker.get('/health/ready')).status).toBe(503);
    expect((await marketMaker.get('/health/live')).status).toBe(200);
    const before = (await marketMaker.metric(fills)) ?? 0;
    await marketMaker.above(fills, before);

    disk.empty();
    await marketMaker.printed('The event log can be written again');
    await marketMaker.eventually(
      async () => JSON.parse((await marketMaker.get('/health')).text).details.event_log.status === 'up',
      { what: 'the log is healthy' },
    );
    expect(await marketMaker.end('SIGTERM')).toEqual({ code: 0, signal: null });

    const log = join(disk.folder, 'events.db');
    const events = await workplace.command('events', '--log', log, '--type', 'order.filled');
    const inTheLog = events
      .split('\n')
      .filter((line) => line.includes('"BTCUSDT"') && line.includes('"buy"')).length;
    const replayed = await workplace.command('replay', '--log', log);
    expect(metricIn(replayed, fills)).toBe(inTheLog);
    const [, fillsPrinted] = /Stopped after \d+ orders, (\d+) fills/.exec(marketMaker.output) ?? [];
    expect(events.trimEnd().split('\n')).toHaveLength(Number(fillsPrinted));
  });

  withRoot('does not keep the process from ending, which says what is lost', async () => {
    const disk = smallDisk();
    const marketMaker = await workplace.start({
      exchange: { speed: 1_200 },
      event_log: { path: join(disk.folder, 'events.db') },
    });
    await marketMaker.answering();
    await marketMaker.above(fills);
    disk.fill();
    await marketMaker.printed('The event log cannot be written');
    expect(await marketMaker.end('SIGTERM')).toEqual({ code: 1, signal: null });
    expect(marketMaker.output).toMatch(/was closed with \d+ events that are lost/);
  });
});
