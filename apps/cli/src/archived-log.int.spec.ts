import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventLog, openSqliteEventLog } from '@opensqt/event-log';
import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { runTool } from './testing/run-tool';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-archived-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Orders that are placed and filled, one after the other. */
function trades(from: number, to: number): readonly AnyEvent[] {
  return Array.from({ length: to - from }, (_, i) => {
    const [symbol, side] = [i % 2 === 0 ? 'BTCUSDT' : 'ETHUSDT', i % 3 === 0 ? 'sell' : 'buy'] as const;
    const order = { symbol, strategy: 'grid', orderId: `order-${from + i}`, side } as const;
    const [price, quantity] = [`${60_000 + (i % 97)}.${i % 10}`, `0.0${1 + (i % 9)}`];
    return [
      createEvent('order.placed', {
        ...order,
        clientOrderId: order.orderId,
        orderType: 'limit',
        price,
        quantity,
      }),
      createEvent('order.filled', {
        ...order,
        ...{ fillId: `fill-${from + i}`, price, quantity, remaining: '0', fee: '0.1', feeAsset: 'USDT' },
      }),
    ];
  }).flat();
}

/** The lines that replay prints, but for those that depend on the machine. */
async function replayed(log: string): Promise<string> {
  const { status, stdout, stderr } = await runTool('replay', folder, ['--log', log]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('market_maker_') && !line.includes('event_log'))
    .join('\n');
}

async function archivedTo(log: EventLog, position: number): Promise<void> {
  await eventually(() => expect(log.status().storage?.archivedThrough).toBe(position));
}

describe('the metrics of a log whose events are archived', () => {
  it('are those of the same log that was not archived, after each restart', async () => {
    const whole = await openSqliteEventLog({ path: join(folder, 'whole.db') });
    await whole.append(trades(0, 2_500));
    await whole.close();
    await cp(join(folder, 'whole.db'), join(folder, 'archived.db'));
    const expected = await replayed('whole.db');
    expect(expected).toMatch(/^market_maker_orders_filled_total\{.*\} \d+$/m);

    const path = join(folder, 'archived.db');
    const archived = await openSqliteEventLog({ path, retention: { maxAge: 0 } });
    await archivedTo(archived, 4_999);
    expect(await replayed('archived.db')).toBe(expected);
    await archived.close();

    const later = trades(2_400, 2_600);
    for (const name of ['whole.db', 'archived.db']) {
      const log = await openSqliteEventLog({ path: join(folder, name) });
      await log.append(later);
      await log.close();
    }
    expect((await runTool('verify', folder, ['--log', 'archived.db'])).status).toBe(0);
    const grown = await replayed('whole.db');
    expect(grown).not.toBe(expected);
    expect(await replayed('archived.db')).toBe(grown);
  });
});
