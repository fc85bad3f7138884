import { Injectable } from '@nestjs/common';
import { createEvent } from '@opensqt/trading-events';
import type { AlertChannel } from '../../channels/channel';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { AlertApplication } from '../delivery/testing/alert-application';

@Injectable()
class Broken implements AlertChannel {
  readonly name = 'broken';

  send(): Promise<void> {
    throw new TypeError('cannot read properties of undefined');
  }
}

const tripped = (scope: string) =>
  createEvent('circuit_breaker.tripped', {
    ...{ scope, reason: 'max_drawdown', value: '6', threshold: '5', cooldownMs: 600_000 },
  });

describe('a channel whose formatter throws', () => {
  let slack: ProviderServer;
  let app: AlertApplication;

  beforeEach(async () => {
    slack = await startProviderServer();
    const alerts = { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } };
    app = await AlertApplication.start({ channels: [Broken], alerts });
  });
  afterEach(async () => {
    await app.stop();
    await slack.close();
  });

  it('is counted and alerted once, and the others are sent everything', async () => {
    app.emit(tripped('A'), tripped('B'), tripped('C'));
    await slack.received(4);
    const headlines = slack.requests.map(({ json }) => String(json?.['text']).split('\n')[0]);
    expect(headlines.filter((line) => line?.includes('Circuit breaker tripped'))).toHaveLength(3);
    expect(headlines.filter((line) => line?.includes('Alerting fails: channel broken'))).toHaveLength(1);
    expect(app.alerts.active().find(({ condition }) => condition === 'alerting_failing')).toMatchObject({
      level: 'CRITICAL',
      labels: { part: 'channel broken' },
    });
    const failures = await app.metric('market_maker_alerting_failures_total{part="channel broken"}');
    expect(failures).toBeGreaterThanOrEqual(1);
  });
});
