import { matchersOf, typed, unreadIn } from './matchers';

describe('matchers as they are typed', () => {
  it('are split at spaces and commas, quoted values kept whole', () => {
    expect(matchersOf('condition=circuit_breaker_trip, scope=~"BTC.*|a b" level!=INFO')).toEqual([
      'condition=circuit_breaker_trip',
      'scope=~BTC.*|a b',
      'level!=INFO',
    ]);
  });

  it('are none of what is no matcher, which is named rather than left out', () => {
    expect(matchersOf('breaker')).toEqual([]);
    expect(unreadIn('condition=a, symbol = "b c" d')).toBe('symbol = "b c" d');
    expect(unreadIn('condition=a, symbol=~"b c"')).toBe('');
  });

  it('are what was typed for labels, whatever is in them', () => {
    const labels = { condition: 'manual', title: 'Funding,late "again"', path: 'a\\b', note: '' };
    const text = typed(labels);
    expect(matchersOf(text)).toEqual(Object.entries(labels).map(([name, value]) => `${name}=${value}`));
    expect(unreadIn(text)).toBe('');
  });
});
