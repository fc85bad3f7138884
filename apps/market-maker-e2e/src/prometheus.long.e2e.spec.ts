import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '@opensqt/event-log/testing';
import { loggedSeries } from '@opensqt/observability/replay';
import { eventually } from '@opensqt/trading-events/testing';
import { type MarketMakerProcess, Workplace } from './testing/market-maker-process';
import { type Labels, increaseOf, scrapedSeries, shownSeries } from './testing/prometheus-samples';

const isInstalled = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const withPromtool = isInstalled('promtool') ? it : it.skip;
const withPrometheus = isInstalled('prometheus') ? it : it.skip;

/** Names that the specification gives, or that were documented before: promtool would have them in seconds. */
const ABBREVIATED =
  /^market_maker_(latency_exchange|latency_tick_to_trade|alert_delivery_latency|event_log_lag|event_log_append)_ms metric names should not contain abbreviated units$/;
/** Node's, as prom-client makes them. */
const FOREIGN = /^(nodejs|process)_/;
const WITHIN = 240_000;

type Instant = readonly { readonly metric: Labels; readonly value: readonly [number, string] }[];
type Range = readonly { readonly metric: Labels; readonly values: readonly (readonly [number, string])[] }[];

describe('the metrics of the default run', () => {
  const workplace = new Workplace();
  const servers: ChildProcess[] = [];
  afterAll(async () => {
    for (const server of servers) {
      const closed = once(server, 'close');
      server.kill('SIGKILL');
      await closed;
    }
    await workplace.clear();
  });

  withPromtool('pass promtool check metrics, but for names that are given (needs promtool)', async () => {
    const marketMaker = await workplace.start({ exchange: { speed: 600 }, event_log: { path: 'lint.db' } });
    await marketMaker.answering();
    await marketMaker.above('market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}');
    const { text } = await marketMaker.get('/metrics');
    const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    const faults = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
    expect(faults.filter((line) => !ABBREVIATED.test(line) && !FOREIGN.test(line))).toEqual([]);
    await marketMaker.end('SIGTERM');
  });

  withPrometheus('do not jump over a kill and a restart (needs prometheus)', async () => {
    const port = await freePort();
    const at = (speed: number): MarketMakerProcess => {
      const configuration = { server: { port }, event_log: { path: 'killed.db' }, exchange: { speed } };
      const file = workplace.write(`speed-${speed}.yaml`, JSON.stringify(configuration));
      return workplace.run(['--config', file], port);
    };
    const api = await prometheus(port);
    const first = at(300);
    await first.answering();
    const fills = 'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}';
    await eventually(async () => expect(Number((await api.last(fills)) ?? 0)).toBeGreaterThan(5), {
      within: WITHIN,
    });
    await first.end('SIGKILL');
    const second = at(0.001);
    await second.answering();
    await second.printed('Resuming after');
    // Nothing is traded any more: what was scraped last is what the log says.
    const logged = async (): Promise<ReadonlyMap<string, number>> => {
      const text = await workplace.command('replay', '--log', 'killed.db');
      return new Map([...loggedSeries(text)].map(([series, value]) => [shownSeries(series), Number(value)]));
    };
    await eventually(
      async () => {
        const scraped = await api.instant('{__name__=~"market_maker_.*"}');
        const values = new Map(
          scraped.map(({ metric, value: [, value] }) => [scrapedSeries(metric), Number(value)]),
        );
        const expected = await logged();
        expect(new Map([...expected.keys()].map((series) => [series, values.get(series)]))).toEqual(expected);
      },
      { within: WITHIN },
    );
    const inLog = await logged();
    const counters = await api.range('{__name__=~"market_maker_.*_(total|bucket|sum|count)"}');
    let compared = 0;
    for (const { metric, values } of counters) {
      const series = scrapedSeries(metric);
      const samples = values.map(([, value]) => Number(value));
      const [begin = NaN, end = NaN] = [samples[0], samples.at(-1)];
      const most = Math.max(...samples);
      // Begins at zero again where the log does not have it: it never shows what was before, so that nothing is counted twice.
      const isAnew = !inLog.has(series) && end < most;
      const expected = isAnew ? most - begin + end : end - begin;
      expect({ series, increase: increaseOf(samples) }).toEqual({
        series,
        increase: expect.closeTo(expected, 6),
      });
      if (inLog.has(series)) compared += 1;
    }
    expect(compared).toBeGreaterThan(50);
    const calls = counters.filter(
      ({ metric }) =>
        metric['__name__'] === 'market_maker_exchange_calls_total' && metric['outcome'] === 'ok',
    );
    expect(
      calls.map(({ values }) => values.some(([, value], i) => Number(value) < Number(values[i - 1]?.[1]))),
    ).toEqual([true]);
    await second.end('SIGTERM');
  });

  async function prometheus(botPort: number) {
    const port = await freePort();
    const config = workplace.write(
      'prometheus.yml',
      JSON.stringify({
        global: { scrape_interval: '1s' },
        scrape_configs: [{ job_name: 'opensqt', static_configs: [{ targets: [`127.0.0.1:${botPort}`] }] }],
      }),
    );
    const child = spawn(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${workplace.path('tsdb')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { cwd: workplace.folder, stdio: 'ignore' },
    );
    servers.push(child);
    const query = async (expression: string): Promise<unknown> => {
      const parameters = new URLSearchParams({ query: expression }).toString();
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?${parameters}`);
      return ((await response.json()) as { data: { result: unknown } }).data.result;
    };
    const instant = async (expression: string): Promise<Instant> => (await query(expression)) as Instant;
    return {
      instant,
      last: async (series: string) => (await instant(series).catch(() => []))[0]?.value[1],
      range: async (selector: string) => (await query(`${selector}[30m]`)) as Range,
    };
  }
});
