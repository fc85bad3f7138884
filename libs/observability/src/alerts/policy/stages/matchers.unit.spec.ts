import { MatcherError, matcherWarnings, matchesAll, parseMatchers } from './matchers';

const subject = { condition: 'risk_limit_breach', labels: { symbol: 'BTCUSDT', bot: 'mm-1' } };
const matches = (...written: readonly string[]): boolean => matchesAll(parseMatchers(written), subject);

describe('matchers', () => {
  it('compare labels and the condition with =, !=, =~ and !~', () => {
    expect(matches('symbol=BTCUSDT', 'condition=~risk_.*')).toBe(true);
    expect(matches('symbol!=BTCUSDT')).toBe(false);
    expect(matches('symbol!~ETH.*', 'bot="mm-1"')).toBe(true);
    expect(matches('symbol=BTCUSDT', 'symbol!~BTC.*')).toBe(false);
  });

  it('are anchored: an expression matches the whole of a label', () => {
    expect(matches('symbol=~BTC')).toBe(false);
    expect(matches('symbol=~BTC|BTCUSDT')).toBe(true);
    expect(matches('symbol!~BTC')).toBe(true);
  });

  it('take a label that is absent as empty', () => {
    expect(matches('exchange=')).toBe(true);
    expect(matches('exchange=~.+')).toBe(false);
    expect(matches('exchange!=paper')).toBe(true);
  });

  it('take a name that every object has as a label that is absent', () => {
    expect(matches('constructor=', '__proto__=', 'toString!~.+', 'valueOf=~.*')).toBe(true);
    expect(matches('constructor=~.+')).toBe(false);
  });

  it('read an object as equalities', () => {
    expect(matchesAll(parseMatchers({ symbol: 'BTCUSDT' }), subject)).toBe(true);
    expect(matchesAll(parseMatchers({ symbol: 'BTC.*' }), subject)).toBe(false);
  });

  it.each(['symbol', '=BTCUSDT', 'symbol=~(', 'sym bol=1', 'symbol=~(?=x)'])(
    'refuse %s with a sentence',
    (written) => {
      expect(() => matches(written)).toThrow(MatcherError);
    },
  );

  it('match in linear time', () => {
    const label = 'a'.repeat(50_000);
    const evil = parseMatchers(['symbol=~(a+)+b', 'symbol=~(a|aa)+$x']);
    expect(matchesAll(evil, { condition: 'x', labels: { symbol: label } })).toBe(false);
  });

  it('warn of a label and of a condition that no alert has', () => {
    const warnings = matcherWarnings(
      parseMatchers(['simbol=BTCUSDT', 'condition=~risk.*', 'condition=large_executions']),
      ['risk_limit_breach', 'large_execution'],
    );
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain("'simbol'");
    expect(warnings[1]).toContain("'large_executions'");
  });
});
