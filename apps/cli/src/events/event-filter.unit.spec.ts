import { createEvent } from '@opensqt/trading-events';
import { passes } from './event-filter';

const at = { occurredAt: 1_000 };
const notice = { level: 'WARNING', title: '', message: '', timestamp: 1, fields: {} } as const;
const alert = { alertId: 'a', condition: 'risk_limit_breach' };
const stopped = createEvent('symbol.stopped', { symbol: 'BTCUSDT', reason: 'operator' }, at);

describe('the filter of events', () => {
  it('passes everything when nothing is asked for', () => {
    expect(passes(stopped, {})).toBe(true);
  });

  it('includes the moment it begins at and excludes the one it ends at', () => {
    expect(passes(stopped, { since: 1_000, until: 1_001 })).toBe(true);
    expect(passes(stopped, { since: 1_001 })).toBe(false);
    expect(passes(stopped, { until: 1_000 })).toBe(false);
  });

  it('wants all that is asked for, and one of each list', () => {
    expect(
      passes(stopped, { types: ['symbol.started', 'symbol.stopped'], symbols: ['ETHUSDT', 'BTCUSDT'] }),
    ).toBe(true);
    expect(passes(stopped, { types: ['symbol.started'], symbols: ['BTCUSDT'] })).toBe(false);
  });

  it.each([
    ['its own', stopped],
    ['the scope of a breaker', createEvent('circuit_breaker.reset', { scope: 'BTCUSDT', by: 'operator' })],
    [
      "an alert's subject",
      createEvent('alert.raised', {
        ...alert,
        fingerprint: 'x',
        labels: { limit: 'max_position', scope: 'BTCUSDT' },
        notice,
        oneOff: false,
      }),
    ],
    [
      'the fingerprint of an alert',
      createEvent('alert.resolved', {
        ...alert,
        fingerprint: 'risk_limit_breach{limit="max_position",scope="BTCUSDT"}',
        reason: 'cleared',
        notice,
      }),
    ],
  ])('finds a symbol that is %s', (_, event) => {
    expect(passes(event, { symbols: ['BTCUSDT'] })).toBe(true);
    expect(passes(event, { symbols: ['BTC'] })).toBe(false);
  });

  it('leaves out events that are about no symbol', () => {
    const lost = { exchange: 'paper', stream: 'market', reason: 'BTCUSDT', reconnecting: true } as const;
    expect(passes(createEvent('exchange.disconnected', lost), { symbols: ['BTCUSDT'] })).toBe(false);
  });
});
