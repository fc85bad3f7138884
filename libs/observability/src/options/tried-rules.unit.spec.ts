import { alertsOptions } from './alerts.options';
import { RuleTrial } from './tried-rules';

const alerts = alertsOptions.parse({
  slack: { enabled: true, webhookUrl: 'https://hooks.example/secret', minLevel: 'WARNING' },
  routes: [{ channel: 'slack', quietHours: '22:00-07:00 Europe/Berlin', unacknowledgedAfter: '5m' }],
});
const trial = new RuleTrial(alerts, [{ name: 'log' }, { name: 'slack', minLevel: 'WARNING' }]);
const objections = (changes: Readonly<Record<string, unknown>>) => {
  const tried = trial.tried(changes);
  return tried.ok ? [] : tried.violations.map(({ path, found }) => [path, found]);
};

describe('Rules that can be tried', () => {
  it('are those in force, written as in the configuration, without a secret', () => {
    const values = Object.fromEntries(trial.settings().map(({ key, value }) => [key, value]));
    expect(values).toMatchObject({
      'large_execution.threshold': '10000',
      'exchange_disconnect.persistent_after': '1m',
      'no_fills.after': undefined,
      burst: 10,
      'slack.min_level': 'WARNING',
      routes: [{ channel: 'slack', quiet_hours: '22:00-07:00 Europe/Berlin', unacknowledged_after: '5m' }],
    });
    expect(JSON.stringify(trial.settings())).not.toContain('secret');
    expect(trial.settings().find(({ key }) => key === 'slack.min_level')?.choices).toContain('CRITICAL');
  });

  it('are parsed with the changes in them; what is null is as if it were not written', () => {
    const changes = {
      large_execution: { threshold: '5' },
      repeat_interval: null,
      slack: { min_level: 'ERROR' },
    };
    expect(trial.tried(changes)).toMatchObject({
      ok: true,
      rules: {
        options: { largeExecution: { threshold: '5' }, repeatInterval: 4 * 3_600_000, burst: 10 },
        channels: [{ name: 'log' }, { name: 'slack', minLevel: 'ERROR', unacknowledgedAfter: 300_000 }],
      },
    });
  });

  it.each([
    [{ large_execution: { treshold: '5' } }, 'alerts.large_execution.treshold', 'an unknown key'],
    [{ no_fills: { after: 90 } }, 'alerts.no_fills.after', '90'],
    [{ burst: 0, slack: { min_level: 'LOUD' } }, 'alerts.burst', '0'],
    [{ slack: { webhook_url: 'https://else' } }, 'alerts.slack.webhook_url', 'an unknown key'],
    [{ telegram: { min_level: 'INFO' } }, 'alerts.telegram', 'an unknown key'],
    [{ routes: [{ channel: 'telegram' }] }, 'alerts.routes[0].channel', 'telegram'],
    [
      { routes: [{ channel: 'slack' }, { channel: 'slack', match: ['symbol=A'] }] },
      'alerts.routes[1].channel',
      'slack a second time',
    ],
    [{ flapping: 'off' }, 'alerts.flapping', 'text'],
    [JSON.parse('{"__proto__": {"burst": 1}}') as object, 'alerts.__proto__', 'an unknown key'],
  ])('are refused as %j, by the key', (changes, path, found) => {
    expect(objections(changes as Readonly<Record<string, unknown>>)).toContainEqual([path, found]);
  });
});
