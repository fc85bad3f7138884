import { type Measure, type TradingEvent, createEvent } from '@opensqt/trading-events';
import fc from 'fast-check';
import { alertsOptions } from '../../options/alerts.options';
import type { RuleVerdict } from './alert-rule';
import { rulesOf } from './registry';

const rules = rulesOf({
  ...alertsOptions.parse({ largeExecution: { threshold: '0.00000001' } }),
  canReset: true,
});

const digits = (max: number) => fc.stringMatching(new RegExp(String.raw`^\d{1,${max}}$`));
const unsigned = fc.tuple(digits(20), digits(20)).map(([whole, part]) => `${whole}.${part}`);
const positive = unsigned.filter((text) => /[1-9]/.test(text));
const signed = fc.tuple(fc.boolean(), unsigned).map(([minus, text]) => (minus ? `-${text}` : text));
const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const measure: fc.Arbitrary<Measure> = fc.oneof(double, signed);
const duration = fc.double({ min: 0, max: 3e11, noNaN: true });
const code = fc.constantFrom(
  'max_drawdown',
  'max_volatility',
  'max_exposure',
  'max_exchange_latency_ms',
  'market_data_age',
  'another',
);
const money = fc.record(
  {
    position: signed,
    notional: unsigned,
    unrealizedPnl: signed,
    realizedPnl: signed,
    quoteAsset: fc.constant('USDT'),
  },
  { requiredKeys: [] },
);

const breached = fc
  .tuple(code, measure, measure)
  .map(([limit, value, threshold]) =>
    createEvent('risk.limit_breached', { scope: 'A', limit, value, threshold, severity: 'warning' }),
  );
const cleared = fc
  .tuple(code, measure, measure)
  .map(([limit, value, threshold]) =>
    createEvent('risk.limit_cleared', { scope: 'A', limit, value, threshold }),
  );
const tripped = fc
  .tuple(code, measure, measure, duration, money)
  .map(([reason, value, threshold, cooldownMs, held]) =>
    createEvent('circuit_breaker.tripped', { scope: 'A', reason, value, threshold, cooldownMs, ...held }),
  );
const filled = fc.tuple(positive, positive, unsigned).map(([price, quantity, remaining]) =>
  createEvent('order.filled', {
    symbol: 'A',
    strategy: 'grid',
    orderId: 'o',
    fillId: 'f',
    side: 'buy',
    price,
    quantity,
    remaining,
    fee: '0',
    feeAsset: 'USDT',
  }),
);
const reconnected = duration.map((downtimeMs) =>
  createEvent('exchange.reconnected', { exchange: 'e', stream: 'market', downtimeMs, attempts: 1 }),
);
const anyEvent: fc.Arbitrary<TradingEvent> = fc.oneof(breached, cleared, tripped, filled, reconnected);

function verdictsOn(event: TradingEvent): readonly RuleVerdict[] {
  return rules.flatMap((rule) => rule.decide?.(event) ?? []);
}

describe('the texts of conditions', () => {
  it('have no exponent, whatever an event measures', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        for (const { title, message, fields } of verdictsOn(event)) {
          expect([title, message, ...Object.values(fields)].join('\n')).not.toMatch(/\d(\.\d+)?e[-+]?\d/i);
        }
      }),
    );
  });

  it('never show a value as its limit unless it is the limit', () => {
    const near = fc
      .tuple(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), fc.double({ min: 0, max: 1e-6, noNaN: true }))
      .map(([threshold, over]) => ({ threshold, value: threshold * (1 + over) }));
    fc.assert(
      fc.property(code, near, (limit, { value, threshold }) => {
        const event = createEvent('risk.limit_breached', {
          scope: 'A',
          limit,
          value,
          threshold,
          severity: 'warning',
        });
        for (const { message, fields } of verdictsOn(event)) {
          expect(fields['Value'] === fields['Threshold']).toBe(value === threshold);
          expect(message).toContain(`${fields['Value']} (limit ${fields['Threshold']})`);
        }
      }),
    );
  });
});
