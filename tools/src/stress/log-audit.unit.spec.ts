import { MemoryEventLog } from '@opensqt/event-log';
import { createEvent } from '@opensqt/trading-events';
import { LogAudit } from './log-audit';

describe('the audit that the stress rests on', () => {
  const logged = (id: string) =>
    createEvent(
      'order.filled',
      {
        ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: 'o', fillId: id, side: 'buy' },
        ...{ price: '1', quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
      },
      { id },
    );

  async function audited(
    ids: readonly string[],
    acknowledged: readonly string[],
    metrics?: string,
  ): Promise<LogAudit> {
    const log = new MemoryEventLog();
    await log.append(ids.map(logged));
    const audit = new LogAudit();
    audit.acknowledge(1, acknowledged);
    await audit.advance(log);
    audit.close();
    if (metrics !== undefined) await audit.compare(log, metrics);
    await log.close();
    return audit;
  }

  it('finds an acknowledged event that is not there, or where another one is', async () => {
    expect((await audited(['stress-0-0'], ['stress-0-0', 'stress-0-1'])).faults.lost).toBe(1);
    expect((await audited(['stress-0-0'], ['other'])).faults.lost).toBe(1);
  });

  it('finds a number that is missing, and one that comes again', async () => {
    expect((await audited(['stress-0-0', 'stress-0-2'], [])).faults.gaps).toBe(1);
    expect((await audited(['stress-0-0', 'stress-0-1', 'stress-00-1'], [])).faults.repeats).toBe(1);
  });

  it('finds metrics that are not those of the log', async () => {
    const { faults, mismatched } = await audited(
      ['stress-0-0'],
      [],
      'market_maker_volume_total{symbol="BTCUSDT"} 2\n',
    );
    expect(faults.mismatches).toBe(1);
    expect(mismatched).toContainEqual({
      name: 'market_maker_volume_total{symbol="BTCUSDT"}',
      expected: '1',
      found: '2',
    });
  });
});
