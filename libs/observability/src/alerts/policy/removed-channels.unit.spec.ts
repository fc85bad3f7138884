import { createEvent } from '@opensqt/trading-events';
import { Decisions, decisionContext, inShort } from '../testing/decisions';
import { decideDue } from './decide-record';
import { decide } from './decision';

const NOON = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;
const NIGHT = { from: '22:00', to: '07:00', timeZone: 'UTC' };

const filled = createEvent(
  'order.filled',
  {
    ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: 'o', fillId: 'f', side: 'buy', price: '60000' },
    ...{ quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
  },
  { occurredAt: NOON + 11 * HOUR },
);

describe('a channel that was taken out of the configuration at night', () => {
  it('is sent no digest when quiet hours would have ended', () => {
    const channels = [{ name: 'log' }, { name: 'chat', quietHours: NIGHT }];
    const decisions = new Decisions(decisionContext({ channels, now: NOON }));
    decisions.on(filled);
    expect(decisions.state.digests.get('chat')?.entries.size).toBe(1);

    const context = decisionContext({ channels: [{ name: 'log' }], now: NOON + 20 * HOUR });
    expect(inShort(decideDue(decisions, context).events)).toEqual([]);
    expect(inShort(decide(decisions.book, { what: 'restart' }, context).events)).toEqual([
      'alert.suppressed channel_removed chat',
    ]);
    expect(decisions.state.digests.size).toBe(0);
    expect([...decisions.state.pending.values()].filter(({ channel }) => channel === 'chat')).toEqual([]);
  });
});
