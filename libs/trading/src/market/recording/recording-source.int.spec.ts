import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { record, silent, unmeasured } from '../../testing/recorded-run';
import type { Trade } from '../market-event';
import type { MalformedLine } from '../market-source';
import { recordingSource } from './recording-source';

/** Noon, in milliseconds. */
const T0 = 1_710_374_400_000;
const HEADER = 'timestamp_ms,price,quantity';
/** A file of trades so many milliseconds after noon. */
const fileOf = (...times: readonly number[]): string =>
  `${HEADER}\n${times.map((time) => `${T0 + time},1,1`).join('\n')}\n`;

describe('recording source', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'recording-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function read(
    ...files: readonly (readonly [symbol: string, content: string | Buffer, sort?: boolean])[]
  ): Promise<{ trades: Trade[]; malformed: MalformedLine[]; repeated: string[] }> {
    const recordings = files.map(([symbol, content, sort = false], index) => {
      const path = join(folder, `${index}.txt`);
      writeFileSync(path, content);
      return { symbol, path, sort };
    });
    const malformed: MalformedLine[] = [];
    const trades: Trade[] = [];
    const repeated: string[] = [];
    const onMalformed = (line: MalformedLine) => malformed.push(line);
    const source = recordingSource(recordings, onMalformed, ({ path }) => repeated.push(basename(path)));
    for await (const each of source) trades.push(each);
    return { trades, malformed, repeated };
  }

  it('reads CSV by column names and infers the missing side by the tick rule', async () => {
    const { trades } = await read([
      'BTCEUR',
      `quantity,price,timestamp_ms\n7.378e-05,100.5,${T0}\n2,100.4,${T0 + 1}\r\n3,100.4,${T0 + 2}\n1,101,${T0 + 3}`,
    ]);
    expect(trades.map(({ time, price, quantity, side }) => [time, price, quantity, side])).toEqual([
      [T0, '100.5', '0.00007378', 'buy'],
      [T0 + 1, '100.4', '2', 'sell'],
      [T0 + 2, '100.4', '3', 'sell'],
      [T0 + 3, '101', '1', 'buy'],
    ]);
  });

  it('reads recorded side and id', async () => {
    const { trades } = await read(['X', `${HEADER},side,id\n${T0},1,2,SELL,t-1\n`]);
    expect(trades).toEqual([
      { type: 'trade', symbol: 'X', time: T0, price: '1', quantity: '2', side: 'sell', id: 't-1' },
    ]);
  });

  it('reads only the trades of its symbol from raw Binance messages, with or without receive times', async () => {
    const message = (s: string, p: string) =>
      JSON.stringify({
        stream: 'x@trade',
        data: { e: 'trade', E: 8, s, t: 42, p, q: '0.5', T: T0, m: true },
      });
    const { trades, malformed } = await read([
      'BTCUSDT',
      [
        `1723161254087896568 ${message('BTCUSDT', '10.10')}`,
        '1723161254087896569 {"stream":"x@depth","data":{"e":"depthUpdate","s":"BTCUSDT"}}',
        '1723161254087896570 {"lastUpdateId":1,"bids":[]}',
        message('ETHUSDT', '3'),
        message('BTCUSDT', '11'),
        JSON.stringify({ e: 'trade', s: 'BTCUSDT', t: 43, p: '12', q: '1', T: T0 + 2, m: false }),
        JSON.stringify({
          e: 'aggTrade',
          s: 'BTCUSDT',
          a: 99,
          f: 1,
          l: 2,
          p: '13',
          q: '1',
          T: T0 + 3,
          m: false,
        }),
      ].join('\n'),
    ]);
    expect(trades.map(({ price, side, time, id }) => [price, side, time, id])).toEqual([
      ['10.10', 'sell', T0, '42'],
      ['11', 'sell', T0, '42'],
      ['12', 'buy', T0 + 2, '43'],
      ['13', 'buy', T0 + 3, '99'],
    ]);
    expect(malformed).toEqual([]);
  });

  it.each([
    ['spot trades', '7,100.5,2,201,1704067200000,True,True'],
    ['spot trades in microseconds', '7,100.5,2,201,1704067200000123,True,True'],
    ['futures trades', 'id,price,qty,quote_qty,time,is_buyer_maker\n7,100.5,2,201,1704067200000,true'],
    ['spot aggregated trades', '7,100.5,2,10,12,1704067200000,true,true'],
    [
      'futures aggregated trades',
      'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n7,100.5,2,10,12,1704067200000,true',
    ],
  ])("reads Binance's public dump of %s", async (_, content) => {
    const { trades, malformed } = await read(['X', content]);
    expect(malformed).toEqual([]);
    expect(trades).toMatchObject([
      { time: 1704067200000, price: '100.5', quantity: '2', side: 'sell', id: '7' },
    ]);
  });

  it('reports malformed lines with file and line, and goes on', async () => {
    const { trades, malformed } = await read([
      'X',
      `${HEADER}\n${T0},1,1\n${T0},NaN,1\n3,1\n${T0},-1,1\nx,1,1\n${T0},0,1\n\n${T0 + 6},1,1\n`,
    ]);
    expect(trades.map(({ time }) => time)).toEqual([T0, T0 + 6]);
    expect(malformed.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
    expect(malformed[0]).toEqual({ file: join(folder, '0.txt'), line: 3, reason: "the price is 'NaN'" });
  });

  it.each([
    ['seconds', `${T0 / 1_000}`],
    ['seconds with decimals', `${T0 / 1_000}.000`],
    ['milliseconds', `${T0}`],
    ['microseconds', `${T0}123`],
    ['nanoseconds', `${T0}123456`],
  ])('recognises times in %s', async (_, time) => {
    const { trades } = await read(['X', `${HEADER}\n${time},1,1`]);
    expect(trades).toMatchObject([{ time: T0 }]);
  });

  it.each(['0', '-1', '1000', '99999999999999999999', 'NaN', ''])(
    'skips a row whose time is %p, which is none in any unit',
    async (time) => {
      const { trades, malformed } = await read(['X', `${HEADER}\n${time},1,1\n${T0},1,1`]);
      expect(trades).toHaveLength(1);
      expect(malformed).toMatchObject([{ line: 2, reason: expect.stringContaining('the time is') }]);
    },
  );

  it('holds a time that goes back by up to a second at the one before it', async () => {
    const { trades, malformed } = await read(['X', fileOf(1_000, 0, 1_001)]);
    expect(trades.map(({ time }) => time - T0)).toEqual([1_000, 1_000, 1_001]);
    expect(malformed).toEqual([]);
  });

  it('refuses a file that goes back further, and names both lines', async () => {
    await expect(read(['X', fileOf(5_000, 6_000, 0)])).rejects.toMatchObject({
      code: 'RECORDING_UNSORTED',
      message: expect.stringMatching(
        /line 4 is of 2024-03-14T00:00:00.000Z, and line 3 before it of 2024-03-14T00:00:06.000Z.*sort: true/,
      ),
    });
  });

  it.each([1_000 * 60, 86_400_000 * 2])(
    'refuses one with the newest trade first, %s ms apart',
    async (gap) => {
      await expect(read(['X', fileOf(3 * gap, 2 * gap, gap, 0)])).rejects.toMatchObject({
        code: 'RECORDING_UNSORTED',
      });
    },
  );

  it('sorts a file where that is asked for, keeping trades of one time in their order', async () => {
    const rows = [`${T0 + 9_000},4,1`, `${T0 + 5_000},2,1`, `${T0 + 5_000},3,1`, `${T0},1,1`];
    const { trades } = await read(['X', [HEADER, ...rows].join('\n'), true]);
    expect(trades.map(({ price }) => price)).toEqual(['1', '2', '3', '4']);
  });

  const YEARS = 86_400_000 * 3_650;
  it.each([
    ['first', [YEARS, 0, 1, 2], 2],
    ['in the middle', [0, 1, YEARS, 2], 4],
    ['last', [0, 1, 2, YEARS], 5],
  ])('skips and reports a row far ahead of those around it: the one %s', async (_, times, line) => {
    const { trades, malformed } = await read(['X', fileOf(...times)]);
    expect(trades.map(({ time }) => time - T0)).toEqual([0, 1, 2]);
    expect(malformed).toMatchObject([{ line, reason: expect.stringContaining('more than a day ahead') }]);
  });

  it('reads on after a pause of days', async () => {
    const { trades, malformed } = await read(['X', fileOf(0, YEARS, YEARS + 1)]);
    expect(trades).toHaveLength(3);
    expect(malformed).toEqual([]);
  });

  it.each([
    ['nothing', '', /0 lines/],
    ['a header alone', `${HEADER}\n`, /found 1 line\./],
    ['malformed rows', `${HEADER}\n${'x,1,1\n'.repeat(3)}`, /4 lines, 3 of them malformed/],
    [
      'messages of other kinds',
      '{"e":"depthUpdate","s":"X"}\n{"e":"trade","s":"Y"}\n',
      /2 messages that are no trade or aggTrade of it \(such as depthUpdate of X, trade of Y\)/,
    ],
  ])('refuses a file with %s, and says what it found', async (_, content, found) => {
    await expect(read(['X', content])).rejects.toMatchObject({
      code: 'RECORDING_EMPTY',
      message: expect.stringMatching(found),
    });
  });

  it('refuses a short file in no known format, and a zip archive', async () => {
    await expect(read(['X', 'timestamp_ms;price;quantity\n1;1;1\n'])).rejects.toMatchObject({
      code: 'RECORDING_FORMAT_UNKNOWN',
    });
    const archive = Buffer.from('504b030414000000', 'hex');
    await expect(read(['X', archive])).rejects.toThrow('is a zip archive, which is not read. Unzip it');
  });

  it.each([
    ['a long line', Buffer.from(`${HEADER}\n${'9'.repeat(300_000)}\n${T0},1,1\n`)],
    ['a gzip bomb without a line break', gzipSync(`${HEADER}\n${'0'.repeat(50_000_000)}\n${T0},1,1\n`)],
  ])('skips %s and reads on', async (_, content) => {
    const { trades, malformed } = await read(['X', content]);
    expect(trades).toHaveLength(1);
    expect(malformed).toMatchObject([{ line: 2, reason: 'it is longer than 64 KB' }]);
  });

  it('gives up a file of blank lines', async () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000, '\n'));
    await expect(read(['X', bomb])).rejects.toMatchObject({ code: 'RECORDING_EMPTY' });
  });

  it('merges files of several symbols, and of the same one, by time', async () => {
    const { trades } = await read(['A', fileOf(1, 4, 7)], ['B', fileOf(2, 4)], ['A', fileOf(3, 8)]);
    expect(trades.map(({ symbol, time }) => `${symbol}${time - T0}`)).toEqual([
      'A1',
      'B2',
      'A3',
      'A4',
      'B4',
      'A7',
      'A8',
    ]);
  });

  describe('files of a symbol that overlap', () => {
    const csv = (...rows: readonly string[]): string => `${HEADER},side,id\n${rows.join('\n')}\n`;
    const message = (id: number | string | undefined, time: number, s = 'X'): string =>
      JSON.stringify({ e: 'trade', s, t: id, p: '1', q: '1', T: T0 + time, m: false });
    const row = (id: number | string, time: number): string => `${T0 + time},1,1,buy,${id}`;
    const played = (trades: readonly Trade[]) =>
      trades.map(({ symbol, id, time }) => `${symbol}${id ?? '-'}@${time - T0}`);

    it('play each trade once by its id, whatever format they are in, and say how many they passed over', async () => {
      const dump = [7, 8, 9, 10].map((id) => `${id},1,1,1,${T0 + id},true`).join('\n');
      const stream = [message('8', 8), message(9, 9), message(10, 10), message(11, 11)].join('\n');
      const { trades, repeated } = await read(
        ['X', dump],
        ['X', stream],
        ['X', csv(row('"10"', 10), row('t-11', 11), row(12, 12))],
      );
      expect(played(trades)).toEqual(['X7@7', 'X8@8', 'X9@9', 'X10@10', 'X11@11', 'Xt-11@11', 'X12@12']);
      expect(repeated).toEqual(['1.txt', '1.txt', '1.txt', '2.txt']);
    });

    it('play a trade once that one of them has in whole seconds, or holds back', async () => {
      const seconds = `${T0 / 1_000 + 1},1,1,buy,5`;
      const { trades, repeated } = await read(
        ['X', csv(row(1, 1_000), row(2, 2_900), row(5, 1_950))],
        ['X', csv(row(1, 1_000), seconds)],
      );
      expect(played(trades)).toEqual(['X1@1000', 'X5@1000', 'X2@2900']);
      expect(repeated).toEqual(['1.txt', '0.txt']);
    });

    it('play every trade without an id, and those whose ids begin again, or are of another symbol', async () => {
      const { trades, repeated } = await read(
        ['X', `${fileOf(1)}${T0 + 2},1,1\n`],
        ['X', [message(undefined, 1), message(3, 3)].join('\n')],
        ['X', csv(row(3, 86_400_000))],
        ['Y', message(3, 3, 'Y')],
      );
      expect(played(trades)).toEqual(['X-@1', 'X-@1', 'X-@2', 'X3@3', 'Y3@3', 'X3@86400000']);
      expect(repeated).toEqual([]);
    });

    it('play both of two trades with one id and time, but another price or quantity', async () => {
      const rows = (...amounts: readonly string[]): string =>
        csv(...amounts.map((amount, id) => `${T0 + id},${amount},buy,${id}`));
      const { trades, repeated } = await read(
        ['X', rows('100,1', '101,1', '102,1')],
        ['X', rows('100,2', '101.50,1', '102.0,1.00')],
        ['X', rows('100,1', '101.5,1')],
      );
      expect(trades.map(({ price, quantity }) => `${Number(quantity)} at ${Number(price)}`)).toEqual([
        '1 at 100',
        '2 at 100',
        '1 at 101',
        '1 at 101.5',
        '1 at 102',
      ]);
      expect(repeated).toEqual(['2.txt', '2.txt', '1.txt']);
    });

    it('are said once by the market maker, and counted by its summary from where it resumes', async () => {
      const recording = [0, 1, 2].map((index) => {
        const path = join(folder, `overlap-${index}.csv`);
        writeFileSync(path, csv(row(1, 1), row(2, 2), row(3 + index, 3)));
        return { symbol: 'XEUR', path };
      });
      const said: string[] = [];
      const logger = { ...silent, info: (line: string) => said.push(line) };
      const { summary } = await record({ exchange: { source: 'recording' }, recording }, { logger });
      expect(summary).toMatchObject({ trades: 5, repeated: 4 });
      const resume = {
        ...{ since: T0 + 1, positions: [], openOrders: [], openBreakers: [], breachedLimits: [] },
        ...{ panickedStrategies: [], lostStreams: [], lastPrices: {}, ...unmeasured },
      };
      const resumed = await record({ exchange: { source: 'recording' }, recording, resume });
      expect(resumed.summary).toMatchObject({ trades: 4, repeated: 2 });
      expect(said).toEqual([
        `${recording[1]?.path} has trades that another recording of XEUR has, too: each is played once, by its id.`,
      ]);
    });

    it('leave alone what one file has twice', async () => {
      const { trades } = await read(['X', csv(row('', 1), row('', 1), row('all', 2), row('all', 3))]);
      expect(trades).toHaveLength(4);
    });
  });

  it('knows gzip by its first bytes and uses what a truncated file still holds', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, i) => `${T0 + i},${(100 + Math.sin(i) * 7).toFixed(5)},1`,
    );
    const whole = gzipSync(`timestamp_ms,price,quantity\n${lines.join('\n')}\n`);
    expect((await read(['X', whole])).trades).toHaveLength(20_000);

    const { trades, malformed } = await read(['X', whole.subarray(0, whole.length / 2)]);
    expect(trades.length).toBeGreaterThan(5_000);
    expect(malformed.filter(({ reason }) => reason.includes('gzip'))).toHaveLength(1);
  });

  it('says which file it cannot read', async () => {
    const path = join(folder, 'missing.csv');
    const ignored = () => undefined;
    const reading = recordingSource([{ symbol: 'X', path, sort: false }], ignored, ignored).next();
    await expect(reading).rejects.toMatchObject({
      code: 'RECORDING_UNREADABLE',
      message: expect.stringContaining(path),
    });
  });

  it('refuses a file in no known format', async () => {
    await expect(read(['X', 'what is this\n'.repeat(30)])).rejects.toMatchObject({
      code: 'RECORDING_FORMAT_UNKNOWN',
    });
  });
});
