import { silenceOf } from './silence';

const subject = { condition: 'exchange_disconnect', labels: { exchange: 'paper', stream: 'market' } };
const silence = (matchers: Record<string, string>, until = 10) => ({
  silenceId: 's',
  matchers,
  until,
  reason: 'maintenance',
  by: 'eve',
});

describe('a silence', () => {
  it.each([
    [{ exchange: 'paper' }, true],
    [{ exchange: 'paper', stream: 'market' }, true],
    [{ condition: 'exchange_disconnect' }, true],
    [{ condition: 'exchange_disconnect', stream: 'orders' }, false],
    [{ exchange: 'Paper' }, false],
    [{ symbol: 'BTCUSDT' }, false],
    [{ condition: 'strategy_panic', exchange: 'paper' }, false],
  ])('with the matchers %j covers the subject: %s', (matchers, covers) => {
    expect(silenceOf([silence(matchers)], subject, 9) !== undefined).toBe(covers);
  });

  it.each([
    [9, true],
    [10, false],
    [11, false],
  ])('that ends at 10 covers at %d: %s', (now, covers) => {
    expect(silenceOf([silence({ exchange: 'paper' })], subject, now) !== undefined).toBe(covers);
  });

  it('that is over gives way to one that is not', () => {
    const later = silence({ stream: 'market' }, 20);
    expect(silenceOf([silence({ exchange: 'paper' }), later], subject, 15)).toBe(later);
  });
});
