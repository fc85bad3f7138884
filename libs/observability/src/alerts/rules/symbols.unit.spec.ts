import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { alertsOptions } from '../../options/alerts.options';
import { rulesOf } from './registry';

const rules = rulesOf(alertsOptions.parse({}));
const trip = { reason: 'max_drawdown', value: '2', threshold: '1', cooldownMs: 1 };
const breach = { limit: 'max_position', value: '2', threshold: '1', severity: 'warning' } as const;
const fill = { price: '60000', quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' };

/** The symbol of each alert that the event raises. */
function symbolsOf(event: TradingEvent): readonly (string | undefined)[] {
  return rules.flatMap((rule) => {
    const verdict = rule.decide?.(event);
    return verdict?.verdict === 'raise' ? [verdict.symbol ?? verdict.labels['symbol']] : [];
  });
}

describe('an alert about a symbol', () => {
  it.each([
    ['a breaker', createEvent('circuit_breaker.tripped', { scope: 'BTCUSDT', ...trip })],
    ['a risk limit', createEvent('risk.limit_breached', { scope: 'BTCUSDT', ...breach })],
    [
      'a panic',
      createEvent('strategy.panicked', {
        symbol: 'BTCUSDT',
        strategy: 'grid',
        error: { name: 'Error', message: 'e' },
      }),
    ],
    [
      'a large execution',
      createEvent('order.filled', {
        ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: 'o', fillId: 'f', side: 'buy', ...fill },
      }),
    ],
  ])('names it: %s', (_, event) => {
    expect(symbolsOf(event)).toEqual(['BTCUSDT']);
  });

  it.each([
    ['a breaker', createEvent('circuit_breaker.tripped', { scope: 'global', ...trip })],
    ['a risk limit', createEvent('risk.limit_breached', { scope: 'global', ...breach })],
    [
      'a connection',
      createEvent('exchange.disconnected', {
        ...{ exchange: 'paper', stream: 'market', reason: 'reset', reconnecting: true },
      }),
    ],
  ])('is none where it is about all symbols: %s', (_, event) => {
    expect(symbolsOf(event)).toEqual([undefined]);
  });
});
