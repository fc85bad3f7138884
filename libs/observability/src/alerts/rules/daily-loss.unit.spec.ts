import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { alertsOptions } from '../../options/alerts.options';
import { Decisions, decisionContext } from '../testing/decisions';
import { rulesOf } from './registry';

const iso = (text: string): number => Date.parse(text);

/** A fill in USDT that realizes so much, and leaves so much unrealized. */
function fill(
  time: string,
  realizedPnl: string,
  unrealizedPnl = '0',
  symbol = 'BTCUSDT',
  { fee = '0', feeAsset = symbol.slice(3) } = {},
): TradingEvent[] {
  const at = { occurredAt: iso(time) };
  const subject = { symbol, strategy: 'grid' };
  const traded = { orderId: 'o', fillId: time, side: 'buy', price: '1', quantity: '1' } as const;
  return [
    createEvent('order.filled', { ...subject, ...traded, remaining: '0', fee, feeAsset }, at),
    createEvent(
      'position.changed',
      { ...subject, size: '1', entryPrice: '1', realizedPnl, unrealizedPnl },
      at,
    ),
  ];
}

/** The decisions about the loss of a day: time, type, title. */
function decided(
  events: readonly TradingEvent[],
  { timeZone = 'UTC', until }: { readonly timeZone?: string; readonly until?: string } = {},
): readonly string[] {
  const options = alertsOptions.parse({ dailyLoss: { limit: '500' }, timeZone });
  const decisions = new Decisions(decisionContext({ rules: rulesOf(options), settings: options }));
  const all = events.flatMap((event) => decisions.on(event));
  if (until !== undefined) all.push(...decisions.due(iso(until)));
  return all.flatMap((event) => {
    if (event.type !== 'alert.raised' && event.type !== 'alert.resolved') return [];
    if (event.data.condition !== 'daily_loss') return [];
    const { level, title } = event.data.notice;
    return `${new Date(event.occurredAt).toISOString()} ${event.type} ${level} ${title}`;
  });
}

describe('daily_loss', () => {
  it('is raised when what fills realized and what is unrealized reach the limit, and resolved below it', () => {
    const day = [
      ...fill('2026-03-05T10:00:00Z', '-300', '-199.99'),
      ...fill('2026-03-05T11:00:00Z', '-12.30', '-200'),
      ...fill('2026-03-05T12:00:00Z', '20', '-200'),
    ];
    expect(decided(day)).toEqual([
      '2026-03-05T11:00:00.000Z alert.raised ERROR Daily loss: −512.3 USDT (limit −500 USDT)',
      '2026-03-05T12:00:00.000Z alert.resolved ERROR Daily loss within its limit: USDT',
    ]);
  });

  it('is exact: the limit itself counts, and a hair less does not', () => {
    expect(decided(fill('2026-03-05T10:00:00Z', '-499.99999999999999999999'))).toEqual([]);
    const tenths = Array.from({ length: 5 }, (_, index) =>
      fill(`2026-03-05T10:0${index}:00Z`, '-99.999999999999999999999'),
    ).flat();
    expect(decided([...tenths, ...fill('2026-03-05T10:06:00Z', '-0.000000000000000000005')])).toHaveLength(1);
  });

  it('says what it counts, with the limit and since when', () => {
    const options = alertsOptions.parse({ dailyLoss: { limit: '500' }, timeZone: 'Europe/Berlin' });
    const decisions = new Decisions(decisionContext({ rules: rulesOf(options), settings: options }));
    const [raised] = decisions.on(...fill('2026-03-05T10:00:00Z', '-300', '-212.3'));
    expect(raised?.data).toMatchObject({
      labels: { bot: 'opensqt', quote: 'USDT' },
      notice: {
        message:
          'PnL since 2026-03-05 00:00:00 UTC+1 is −512.3 USDT (limit −500 USDT): realized −300 USDT, unrealized −212.3 USDT as of the last fill or sample, fees 0 USDT. This does not halt trading by itself.',
      },
    });
  });

  it('counts fees in the quote currency, and in the base asset at the price of the fill, and names those in others as not counted', () => {
    const options = alertsOptions.parse({ dailyLoss: { limit: '500' } });
    const decisions = new Decisions(decisionContext({ rules: rulesOf(options), settings: options }));
    const paid = (time: string, fee: string, feeAsset: string, pnl = '0') =>
      fill(`2026-03-05T${time}:00Z`, pnl, '0', 'BTCUSDT', { fee, feeAsset });
    const events = [
      ...paid('10:00', '2.5', 'USDT', '-494'),
      ...paid('10:00', '1', 'BTC'),
      ...paid('10:01', '0.01', 'BNB'),
      ...paid('10:02', '0.02', 'BNB'),
      ...paid('10:03', '0', 'ETH'),
      ...paid('10:04', '-0.5', 'USDT'),
      ...paid('10:05', '3', 'USDT'),
    ];
    const raised = events.flatMap((event) => decisions.on(event));
    expect(raised.filter(({ type }) => type === 'alert.raised')).toMatchObject([
      {
        occurredAt: iso('2026-03-05T10:05:00Z'),
        data: {
          notice: {
            fields: {
              PnL: '−500 USDT',
              Realized: '−494 USDT',
              Fees: '6 USDT',
              'Fees not counted': '0.03 BNB',
            },
          },
        },
      },
    ]);
  });

  it('begins a day without the fees of the one before', () => {
    const events = [
      ...fill('2026-03-05T23:00:00Z', '-400', '0', 'BTCUSDT', { fee: '99' }),
      ...fill('2026-03-06T01:00:00Z', '-499', '0', 'BTCUSDT', { fee: '0.5' }),
    ];
    expect(decided(events)).toEqual([]);
  });

  it('adds the symbols of one quote currency up, and no others', () => {
    const parts = [
      ...fill('2026-03-05T10:00:00Z', '-300', '0', 'BTCUSDT'),
      ...fill('2026-03-05T10:01:00Z', '-300', '0', 'BTCEUR'),
    ];
    expect(decided(parts)).toEqual([]);
    expect(decided([...parts, ...fill('2026-03-05T10:02:00Z', '-200', '0', 'ETHUSDT')])).toHaveLength(1);
  });

  it('counts of what was unrealized at midnight only the change since', () => {
    const events = [
      ...fill('2026-03-05T23:00:00Z', '0', '-400'),
      ...fill('2026-03-06T01:00:00Z', '-100', '-700'),
      ...fill('2026-03-06T02:00:00Z', '0', '-800'),
    ];
    expect(decided(events)).toEqual([
      '2026-03-06T02:00:00.000Z alert.raised ERROR Daily loss: −500 USDT (limit −500 USDT)',
    ]);
  });

  it.each([
    ['UTC', '2026-03-05T22:00:00Z', '2026-03-06T00:00:00.000Z'],
    ['Asia/Kolkata', '2026-03-05T10:00:00Z', '2026-03-05T18:30:00.000Z'],
    // Clocks go forward on March 29th and back on October 25th: days of 23 and of 25 hours.
    ['Europe/Berlin', '2026-03-28T23:30:00Z', '2026-03-29T22:00:00.000Z'],
    ['Europe/Berlin', '2026-10-24T22:30:00Z', '2026-10-25T23:00:00.000Z'],
  ])('ends at the next midnight in %s', (timeZone, lossAt, midnight) => {
    const until = new Date(iso(midnight) + 60_000).toISOString();
    const before = new Date(iso(midnight) - 1).toISOString();
    expect(decided(fill(lossAt, '-600'), { timeZone, until: before })).toHaveLength(1);
    expect(decided(fill(lossAt, '-600'), { timeZone, until })[1]).toBe(
      `${midnight} alert.resolved ERROR Daily loss within its limit: USDT`,
    );
  });

  it('begins a day with nothing lost, and is raised again for the next', () => {
    const events = [
      ...fill('2026-03-05T10:00:00Z', '-600'),
      ...fill('2026-03-06T10:00:00Z', '-499'),
      ...fill('2026-03-06T11:00:00Z', '-1'),
    ];
    expect(decided(events).map((line) => line.slice(0, 42))).toEqual([
      '2026-03-05T10:00:00.000Z alert.raised ERRO',
      '2026-03-06T00:00:00.000Z alert.resolved ER',
      '2026-03-06T11:00:00.000Z alert.raised ERRO',
    ]);
  });

  it('is of the days of a run that starts earlier, as a recording does that is traded again', () => {
    const started = createEvent(
      'symbol.started',
      { symbol: 'BTCUSDT', exchange: 'paper', strategy: 'grid' },
      { occurredAt: iso('2025-01-01T00:00:00Z') },
    );
    const recording = ['01', '02', '03'].flatMap((day) => fill(`2025-01-${day}T10:00:00Z`, '-200'));
    expect(decided([...fill('2026-03-05T10:00:00Z', '-200'), started, ...recording])).toEqual([]);
  });

  it('takes what is unrealized from samples, without a fill', () => {
    const subject = { symbol: 'BTCUSDT', strategy: 'grid', price: '58000', markPrice: '58000' };
    const sampled = createEvent(
      'market.sampled',
      { ...subject, unrealizedPnl: '-700' },
      { occurredAt: iso('2026-03-05T11:00:00Z') },
    );
    expect(decided([...fill('2026-03-05T10:00:00Z', '0'), sampled])).toEqual([
      '2026-03-05T11:00:00.000Z alert.raised ERROR Daily loss: −700 USDT (limit −500 USDT)',
    ]);
  });

  describe('by the sample that is newest', () => {
    const sample = (time: string, unrealizedPnl: string, strategy = 'grid') =>
      createEvent(
        'market.sampled',
        { symbol: 'BTCUSDT', strategy, price: '58000', markPrice: '58000', unrealizedPnl },
        { occurredAt: iso(`2026-03-05T${time}:00Z`) },
      );
    const bought = fill('2026-03-05T10:00:00Z', '0');
    const types = (...events: readonly TradingEvent[]) =>
      decided([...bought, ...events]).map((line) => line.split(' ')[1]);

    it('is not resolved by one that comes late', () => {
      expect(types(sample('11:00', '-700'), sample('10:30', '0'))).toEqual(['alert.raised']);
    });

    it('is raised by a greater loss, also where the clock was set back', () => {
      expect(types(sample('11:00', '0'), sample('10:30', '-700'))).toEqual(['alert.raised']);
    });

    it('adds the strategies of a symbol up', () => {
      const both = [sample('11:00', '-300', 'a'), sample('11:01', '-200', 'b')];
      expect(types(...both, sample('11:02', '-299', 'a'))).toEqual(['alert.raised', 'alert.resolved']);
    });

    it.each([
      ['counts what another strategy took over once', '-400', '-399', []],
      ['and a loss that it makes of a profit', '500', '-100', ['alert.raised']],
    ])('%s, after a stop', (_, before, after, expected) => {
      const stopped = createEvent(
        'symbol.stopped',
        { symbol: 'BTCUSDT', reason: 'operator' },
        { occurredAt: iso('2026-03-05T12:00:00Z') },
      );
      const renamed = [sample('11:00', before, 'grid'), stopped, sample('12:01', after, 'grid_v2')];
      expect(types(...renamed, sample('12:02', after === '-399' ? after : '-600', 'grid_v2'))).toEqual(
        expected,
      );
    });

    it('takes those of a run that starts at an earlier time', () => {
      const started = createEvent(
        'symbol.started',
        { symbol: 'BTCUSDT', exchange: 'paper', strategy: 'grid' },
        { occurredAt: iso('2026-03-05T10:00:00Z') },
      );
      expect(types(sample('11:00', '-700'), started, sample('10:30', '0'))).toEqual([
        'alert.raised',
        'alert.resolved',
      ]);
    });
  });

  it('takes what is unrealized from the breaker that trips', () => {
    const trip = { reason: 'max_loss', value: '2', threshold: '1', cooldownMs: 1, unrealizedPnl: '-700' };
    const tripped = createEvent(
      'circuit_breaker.tripped',
      { scope: 'BTCUSDT', ...trip },
      { occurredAt: iso('2026-03-05T11:00:00Z') },
    );
    expect(decided([...fill('2026-03-05T10:00:00Z', '0'), tripped])).toEqual([
      '2026-03-05T11:00:00.000Z alert.raised ERROR Daily loss: −700 USDT (limit −500 USDT)',
    ]);
  });
});
