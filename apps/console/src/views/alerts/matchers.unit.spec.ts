import { matchersOf } from './matchers';

describe('matchers as they are typed', () => {
  it('are split at spaces and commas, quoted values kept whole', () => {
    expect(matchersOf('condition=circuit_breaker_trip, scope=~"BTC.*|a b" level!=INFO')).toEqual([
      'condition=circuit_breaker_trip',
      'scope=~BTC.*|a b',
      'level!=INFO',
    ]);
  });

  it('are none of what is no matcher', () => {
    expect(matchersOf('breaker')).toEqual([]);
  });
});
