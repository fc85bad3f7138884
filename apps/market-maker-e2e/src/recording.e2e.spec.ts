import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Books, emptyBooks, enter, negative, plus, toNumber } from './testing/average-cost';
import { REPOSITORY, Workplace, metricIn } from './testing/market-maker-process';
import { syntheticRecording } from './testing/synthetic-recording';

interface Entry {
  readonly symbol: string;
  readonly path: string;
}

/** Real recordings are not part of the repository; where they stand beside it, they are run too. */
const MARKET_DATA = join(REPOSITORY, '../shared/market-data');
const KRAKEN_DAY: readonly Entry[] = ['BTCEUR', 'ETHEUR'].map((symbol) => ({
  symbol,
  path: join(MARKET_DATA, `hftframework-trades/kraken_${symbol}_trades_2024-03-14.csv.gz`),
}));
const BINANCE_CAPTURE: readonly Entry[] = ['BTCUSDT', 'ETHUSDT'].flatMap((symbol) =>
  ['20240808', '20240809'].map((day) => ({
    symbol,
    path: join(MARKET_DATA, `hftbacktest-ws/spot_${symbol.toLowerCase()}_${day}.jsonl-ns.gz`),
  })),
);
const REAL = [
  { name: 'the whole of a Kraken day', recording: KRAKEN_DAY },
  { name: 'a raw Binance capture', recording: BINANCE_CAPTURE },
].filter(({ recording }) => recording.every(({ path }) => existsSync(path)));

describe('a recording, run as fast as it goes', () => {
  let workplace: Workplace;
  beforeEach(() => {
    workplace = new Workplace();
  });
  afterEach(() => workplace.clear());

  const made = (): { name: string; recording: readonly Entry[] } => ({
    name: 'two made-up symbols',
    recording: [
      { symbol: 'AAAEUR', path: workplace.write('a.csv', syntheticRecording('a', 4_000, 60_000)) },
      { symbol: 'BBBEUR', path: workplace.write('b.csv', syntheticRecording('b', 4_000, 3_000)) },
    ],
  });

  it.each([{ name: 'two made-up symbols', recording: undefined }, ...REAL])(
    '$name: the metrics equal the books kept from the fills alone',
    async ({ recording = made().recording }) => {
      const marketMaker = await workplace.start({
        exchange: { source: 'recording', speed: 'max' },
        recording,
      });
      await marketMaker.printed('Recording finished');
      await marketMaker.answering();
      const { text: live } = await marketMaker.get('/metrics');
      expect(await marketMaker.end('SIGTERM')).toEqual({ code: 0, signal: null });

      const books = await booksFromTheLog(workplace);
      expect([...books.keys()].sort()).toEqual([...new Set(recording.map(({ symbol }) => symbol))].sort());
      const replayed = await workplace.command('replay');
      for (const text of [live, replayed]) {
        for (const [symbol, book] of books) expect(shown(text, symbol)).toEqual(kept(book));
      }
    },
  );

  it('gives the same events again, measured durations aside, at another speed', async () => {
    const { recording } = made();
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
    expect(marketMaker.output).toContain('Trades 500, malformed lines 3');
  });

  it('ends by itself when told to', async () => {
    const recording = [
      { symbol: 'AAAEUR', path: workplace.write('a.csv', syntheticRecording('d', 300, 100)) },
    ];
    const exchange = { source: 'recording', speed: 'max', when_finished: 'exit' };
    const marketMaker = await workplace.start({ exchange, recording });
    expect(await marketMaker.ended()).toEqual({ code: 0, signal: null });
    expect(await workplace.command('events', '--type', 'order.canceled')).toContain('"shutdown"');
  });
});

interface LoggedEvent {
  readonly position: number;
  readonly type: string;
  readonly source: string;
  readonly data: Readonly<Record<string, string>>;
}

async function booksFromTheLog(workplace: Workplace): Promise<ReadonlyMap<string, Books>> {
  const books = new Map<string, Books>();
  for (const line of (await workplace.command('events', '--type', 'order.filled')).trimEnd().split('\n')) {
    const { symbol = '', side = '', price = '', quantity = '' } = (JSON.parse(line) as LoggedEvent).data;
    const book = books.get(symbol) ?? emptyBooks();
    books.set(symbol, book);
    enter(book, { side, price, quantity });
  }
  return books;
}

function kept(book: Books) {
  return {
    buys: book.fills.buy,
    sells: book.fills.sell,
    volume: toNumber(book.volume),
    size: toNumber(book.size),
    profit: expect.closeTo(toNumber(book.profit), 9),
    loss: expect.closeTo(toNumber(book.loss), 9),
    net: expect.closeTo(toNumber(plus(book.profit, negative(book.loss))), 9),
  };
}

function shown(text: string, symbol: string) {
  const pnl = `{symbol="${symbol}",strategy="grid"}`;
  return {
    buys: metricIn(text, `market_maker_orders_filled_total{symbol="${symbol}",side="buy"}`),
    sells: metricIn(text, `market_maker_orders_filled_total{symbol="${symbol}",side="sell"}`),
    volume: metricIn(text, `market_maker_volume_total{symbol="${symbol}"}`),
    size: metricIn(text, `market_maker_position_size{symbol="${symbol}"}`),
    profit: metricIn(text, `market_maker_pnl_realized_total${pnl}`),
    loss: metricIn(text, `market_maker_pnl_realized_loss_total${pnl}`),
    net: metricIn(text, `market_maker_pnl_realized${pnl}`),
  };
}
