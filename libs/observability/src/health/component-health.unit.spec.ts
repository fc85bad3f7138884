import { createEvent } from '@opensqt/trading-events';
import { ProjectedState } from '../projections/projection';
import { exchangeHealth, tradingHealth } from './component-health';
import { healthProjection } from './health.projection';

const START = 1_700_000_000_000;
const started = createEvent('symbol.started', { symbol: 'BTCUSDT', exchange: 'paper', strategy: 'grid' });
const priced = (occurredAt: number) =>
  createEvent('price.updated', { symbol: 'BTCUSDT', price: '1' }, { occurredAt });

function after(...events: Parameters<ProjectedState<unknown>['apply']>[0][]) {
  const health = ProjectedState.of(healthProjection);
  for (const event of events) health.apply(event);
  return health.current;
}

describe('health', () => {
  it('takes an exchange for stale when prices stop, and not before', () => {
    const state = after(started, priced(START));
    expect(exchangeHealth(state, 'paper', START + 300_000, 300_000).status).toBe('up');
    expect(exchangeHealth(state, 'paper', START + 300_001, 300_000)).toEqual({
      status: 'down',
      reason: 'no price for 300 s, since 2023-11-14T22:13:20.000Z',
    });
  });

  it('says which stream is lost, since when and why', () => {
    const lost = createEvent(
      'exchange.disconnected',
      { exchange: 'paper', stream: 'orders', reason: 'ping timeout', reconnecting: true },
      { occurredAt: START },
    );
    expect(exchangeHealth(after(started, lost), 'paper', START, 1)).toEqual({
      status: 'down',
      reason: 'the orders stream is disconnected since 2023-11-14T22:13:20.000Z: ping timeout',
    });
  });

  it('is degraded, not down, while trading has halted itself', () => {
    const tripped = createEvent('circuit_breaker.tripped', {
      scope: 'global',
      reason: 'max_drawdown',
      value: '1',
      threshold: '1',
      cooldownMs: 1,
    });
    const reset = createEvent('circuit_breaker.reset', { scope: 'global', by: 'cooldown' });
    expect(tradingHealth(after(started, tripped))).toMatchObject({
      status: 'degraded',
      reason: 'circuit breaker global is open: max_drawdown',
    });
    expect(tradingHealth(after(started, tripped, reset)).status).toBe('up');
  });
});
