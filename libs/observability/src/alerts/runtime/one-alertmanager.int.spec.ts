import { createEvent } from '@opensqt/trading-events';
import type { AlertmanagerAlert } from '../../channels/alertmanager/alertmanager-alerts';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { AlertApplication } from '../delivery/testing/alert-application';

const tripped = () =>
  createEvent('circuit_breaker.tripped', {
    ...{ scope: 'global', reason: 'max_drawdown', value: '6', threshold: '5', cooldownMs: 600_000 },
  });
const reset = () => createEvent('circuit_breaker.reset', { scope: 'global', by: 'cooldown' });

describe('two bots at one Alertmanager', () => {
  let alertmanager: ProviderServer;
  const bots: AlertApplication[] = [];

  beforeEach(async () => {
    alertmanager = await startProviderServer();
    for (const name of ['a', 'b']) {
      const alerts = { alertmanager: { enabled: true, urls: [alertmanager.url] } };
      bots.push(await AlertApplication.start({ name, alerts }));
    }
  });
  afterEach(async () => {
    await Promise.all(bots.splice(0).map((bot) => bot.stop()));
    await alertmanager.close();
  });

  /** The bots whose alert is open, as Alertmanager sees it: what has the same labels is the same alert. */
  function openBots(): readonly (string | undefined)[] {
    const last = new Map<string, AlertmanagerAlert>();
    for (const { body } of alertmanager.requests)
      for (const alert of JSON.parse(body) as readonly AlertmanagerAlert[])
        last.set(JSON.stringify(Object.entries(alert.labels).sort()), alert);
    const open = [...last.values()].filter(({ endsAt }) => Date.parse(endsAt) > Date.now());
    return open.map(({ labels }) => labels['bot']).sort();
  }

  it('never end each other’s alerts', async () => {
    const [a, b] = bots;
    for (const bot of bots) bot.emit(tripped());
    for (const bot of bots) await bot.settled();
    await alertmanager.received(2);
    expect(openBots()).toEqual(['a', 'b']);
    a?.emit(reset());
    await a?.settled();
    await alertmanager.received(3);
    expect(openBots()).toEqual(['b']);
    expect(b?.alerts.active()).toHaveLength(1);
  });
});
