import { Decimal } from 'decimal.js';
import { EVENT_CATALOGUE } from './catalogue';
import { createEvent } from './create-event';
import { AMOUNT_FIELDS, type Amount, exactAmounts } from './exact-amounts';
import { parseEvent } from './parse-event';
import { Rejection } from './rejection';

const written = (price: unknown): unknown =>
  exactAmounts('price.updated', { symbol: 'BTCUSDT', price: price as Amount }).price;

describe('amounts as callers have them', () => {
  it.each<[unknown, string]>([
    ['43059.97', '43059.97'],
    [43_059.97, '43059.97'],
    [8.12e-7, '0.000000812'],
    ['8.12e-7', '0.000000812'],
    ['-1.5E+3', '-1500'],
    [1e21, '1000000000000000000000'],
    [0.1 + 0.2, '0.30000000000000004'],
    [-0, '0'],
    [12n, '12'],
    [new Decimal('1e-18'), '0.000000000000000001'],
    [new Decimal('-5'), '-5'],
  ])('are written as decimal strings: %p', (given, expected) => {
    expect(written(given)).toBe(expected);
  });

  it.each([
    NaN,
    Infinity,
    '1e999999999',
    1e300,
    'dear',
    '',
    null,
    undefined,
    {},
    { toFixed: () => 5 },
    [],
    true,
  ])('are refused by the boundary where they are none: %p', (given) => {
    const data = exactAmounts('price.updated', { symbol: 'BTCUSDT', price: given as Amount });
    const refused = parseEvent({ ...createEvent('price.updated', { symbol: 'A', price: '1' }), data });
    expect(refused).toBeInstanceOf(Rejection);
  });

  it('throw nothing where reading them does', () => {
    const data = {
      symbol: 'BTCUSDT',
      get price(): string {
        throw new Error('no');
      },
    };
    expect(() => createEvent('price.updated', exactAmounts('price.updated', data))).not.toThrow();
  });

  it('leave a measure that is a number as it is: it may be a count', () => {
    const breached = {
      scope: 'A',
      limit: 'losing_streak',
      value: 5,
      threshold: 5n,
      severity: 'warning',
    } as const;
    expect(exactAmounts('risk.limit_breached', breached)).toMatchObject({ value: 5, threshold: '5' });
  });

  it('are those fields that the catalogue says are decimals', () => {
    const decimals = Object.values(EVENT_CATALOGUE).flatMap(({ fields }) =>
      Object.entries(fields as Readonly<Record<string, { readonly kind: string }>>).flatMap(
        ([field, { kind }]) => (kind.startsWith('decimal string') ? [field] : []),
      ),
    );
    expect([...new Set(decimals)].sort()).toEqual([...AMOUNT_FIELDS].sort());
  });
});
