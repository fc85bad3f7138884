import { createEvent } from '@opensqt/trading-events';
import { AlertApplication } from '../alerts/delivery/testing/alert-application';
import { type ProviderServer, startProviderServer } from '../channels/testing/provider-server';
import { HealthService } from '../health/health.service';

const at = { exchange: 'paper', stream: 'market', reason: 'reset', reconnecting: true } as const;

describe('a reminder of an open alert', () => {
  let slack: ProviderServer;
  let app: AlertApplication;

  beforeEach(async () => {
    slack = await startProviderServer();
    const hook = { enabled: true, webhookUrl: `${slack.url}/hook` };
    app = await AlertApplication.start({
      alerts: { slack: hook, exchangeDisconnect: { persistentAfter: 1_000 } },
    });
  });
  afterEach(async () => {
    await app.stop();
    await slack.close();
  });

  const symbol = { symbol: 'BTCUSDT', strategy: 'grid', exchange: 'paper' };

  it('says whether it trades now, as /health does; the first message does not', async () => {
    app.emit(createEvent('symbol.started', symbol), createEvent('exchange.disconnected', at));
    const [first, reminder] = (await slack.received(2)).map(({ body }) => body);
    const { title } = app.get(HealthService).verdict();

    expect(title).toContain('Not trading');
    expect(first).not.toContain('Now: ');
    expect(reminder).toContain('ESCALATED');
    expect(reminder).toContain(`Now: ${title}. `);
  });

  it('arrives without it where that is not known, or can not be said', async () => {
    jest.spyOn(app.get(HealthService), 'verdict').mockImplementation(() => {
      throw new TypeError('a mistake');
    });
    app.emit(createEvent('exchange.disconnected', at));
    const [, reminder] = (await slack.received(2)).map(({ body }) => body);
    expect(reminder).toContain('ESCALATED');
    expect(reminder).not.toContain('Now: ');
    jest.restoreAllMocks();
  });
});
