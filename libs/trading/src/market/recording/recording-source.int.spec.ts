import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Trade } from '../market-event';
import type { MalformedLine } from '../market-source';
import { recordingSource } from './recording-source';

describe('recording source', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'recording-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function read(
    ...files: readonly (readonly [symbol: string, content: string | Buffer])[]
  ): Promise<{ trades: Trade[]; malformed: MalformedLine[] }> {
    const recordings = files.map(([symbol, content], index) => {
      const path = join(folder, `${index}.txt`);
      writeFileSync(path, content);
      return { symbol, path };
    });
    const malformed: MalformedLine[] = [];
    const trades: Trade[] = [];
    for await (const each of recordingSource(recordings, (line) => malformed.push(line))) trades.push(each);
    return { trades, malformed };
  }

  it('reads CSV by column names and infers the missing side by the tick rule', async () => {
    const { trades } = await read([
      'BTCEUR',
      'quantity,price,timestamp_ms\n7.378e-05,100.5,1000\n2,100.4,1001\r\n3,100.4,1002\n1,101,1003',
    ]);
    expect(trades.map(({ time, price, quantity, side }) => [time, price, quantity, side])).toEqual([
      [1000, '100.5', '0.00007378', 'buy'],
      [1001, '100.4', '2', 'sell'],
      [1002, '100.4', '3', 'sell'],
      [1003, '101', '1', 'buy'],
    ]);
  });

  it('reads recorded side and id', async () => {
    const { trades } = await read(['X', 'timestamp_ms,price,quantity,side,id\n5,1,2,SELL,t-1\n']);
    expect(trades).toEqual([
      { type: 'trade', symbol: 'X', time: 5, price: '1', quantity: '2', side: 'sell', id: 't-1' },
    ]);
  });

  it('reads only the trades of its symbol from raw Binance messages, with or without receive times', async () => {
    const message = (s: string, p: string) =>
      JSON.stringify({ stream: 'x@trade', data: { e: 'trade', E: 8, s, t: 42, p, q: '0.5', T: 7, m: true } });
    const { trades, malformed } = await read([
      'BTCUSDT',
      [
        `1723161254087896568 ${message('BTCUSDT', '10.10')}`,
        '1723161254087896569 {"stream":"x@depth","data":{"e":"depthUpdate","s":"BTCUSDT"}}',
        '1723161254087896570 {"lastUpdateId":1,"bids":[]}',
        message('ETHUSDT', '3'),
        message('BTCUSDT', '11'),
        JSON.stringify({ e: 'trade', s: 'BTCUSDT', t: 43, p: '12', q: '1', T: 9, m: false }),
      ].join('\n'),
    ]);
    expect(trades.map(({ price, side, time, id }) => [price, side, time, id])).toEqual([
      ['10.10', 'sell', 7, '42'],
      ['11', 'sell', 7, '42'],
      ['12', 'buy', 9, '43'],
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
      'timestamp_ms,price,quantity\n1,1,1\n2,NaN,1\n3,1\n4,-1,1\nx,1,1\n5,0,1\n\n6,1,1\n',
    ]);
    expect(trades.map(({ time }) => time)).toEqual([1, 6]);
    expect(malformed.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
    expect(malformed[0]).toEqual({ file: join(folder, '0.txt'), line: 3, reason: "the price is 'NaN'" });
  });

  it('holds a time that goes backwards at the one before it', async () => {
    const { trades, malformed } = await read(['X', 'timestamp_ms,price,quantity\n10,1,1\n9,1,1\n11,1,1']);
    expect(trades.map(({ time }) => time)).toEqual([10, 10, 11]);
    expect(malformed).toEqual([]);
  });

  it('merges files of several symbols, and of the same one, by time', async () => {
    const file = (...times: number[]) =>
      `timestamp_ms,price,quantity\n${times.map((t) => `${t},1,1`).join('\n')}\n`;
    const { trades } = await read(['A', file(1, 4, 7)], ['B', file(2, 4)], ['A', file(3, 8)]);
    expect(trades.map(({ symbol, time }) => `${symbol}${time}`)).toEqual([
      'A1',
      'B2',
      'A3',
      'A4',
      'B4',
      'A7',
      'A8',
    ]);
  });

  it('knows gzip by its first bytes and uses what a truncated file still holds', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, i) => `${i + 1},${(100 + Math.sin(i) * 7).toFixed(5)},1`,
    );
    const whole = gzipSync(`timestamp_ms,price,quantity\n${lines.join('\n')}\n`);
    expect((await read(['X', whole])).trades).toHaveLength(20_000);

    const { trades, malformed } = await read(['X', whole.subarray(0, whole.length / 2)]);
    expect(trades.length).toBeGreaterThan(5_000);
    expect(malformed.filter(({ reason }) => reason.includes('gzip'))).toHaveLength(1);
  });

  it('says which file it cannot read', async () => {
    const path = join(folder, 'missing.csv');
    const reading = recordingSource([{ symbol: 'X', path }], () => undefined).next();
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
