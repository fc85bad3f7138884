import { FILE_CHECKS } from './file-checks';
import { Unavailable } from './programs';
import { rulesOf, unknownMetrics, untestedAlerts } from './rules';

describe('deploy/', () => {
  it.each(Object.entries(FILE_CHECKS))(
    '%s is right, as far as this machine can judge it',
    async (name, check) => {
      const unavailable = await check().catch((error: unknown) => {
        if (!(error instanceof Unavailable)) throw error;
        return error;
      });
      if (unavailable instanceof Unavailable)
        process.stderr.write(`${name} skipped: ${unavailable.message}\n`);
    },
  );
});

describe('the check of rules', () => {
  const RULES = 'groups: [{ rules: [{ alert: Down, expr: up == 0 }, { record: a:b, expr: sum(up) }] }]';

  it('names alerts that no test expects to fire', () => {
    const silent = 'tests: [{ alert_rule_test: [{ alertname: Down, exp_alerts: [] }] }]';
    const firing = 'tests: [{ alert_rule_test: [{ alertname: Down, exp_alerts: [{}] }] }]';
    expect(untestedAlerts(rulesOf(RULES), silent)).toEqual(['Down']);
    expect(untestedAlerts(rulesOf(RULES), firing)).toEqual([]);
  });

  it('names metrics that do not exist, and takes the series of a histogram and what rules record', () => {
    expect(unknownMetrics('market_maker_pnl_realised > 0')).toEqual(['market_maker_pnl_realised']);
    expect(unknownMetrics('rate(market_maker_latency_exchange_ms_bucket[5m])')).toEqual([]);
    expect(unknownMetrics('bot:market_maker_pnl:sum - market_maker_pnl_realized')).toEqual([]);
  });
});
