import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnyEvent, type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import {
  type ProviderServer,
  TELEGRAM_OK,
  startProviderServer,
} from '../../../channels/testing/provider-server';
import { MAX_OPEN_ALERTS } from '../../policy/overflow';
import { AlertApplication } from './alert-application';
import { chatsAt } from './provider-secrets';

const CRITICAL = 10;
const BURST = 10;
const SCOPES = 100;

/** Troubles within a second by their own times, each about another thing; the last ones are CRITICAL. */
function storm(alerts: number, from: number): readonly TradingEvent[] {
  return Array.from({ length: alerts }, (_, n) => {
    const occurredAt = from + Math.floor((n * 1_000) / alerts);
    const scope = `S${n % SCOPES}`;
    if (n >= alerts - CRITICAL) {
      const trip = { scope, reason: 'max_drawdown', value: '2', threshold: '1', cooldownMs: 60_000 };
      return createEvent('circuit_breaker.tripped', trip, { occurredAt });
    }
    const limit = `limit_${Math.floor(n / SCOPES)}`;
    const breach = { scope, limit, value: '2', threshold: '1', severity: 'warning' } as const;
    return createEvent('risk.limit_breached', breach, { occurredAt });
  });
}

/** Expectations of a storm of that many alerts within a second. */
export function describeStorm(count: number): void {
  const breaches = count - CRITICAL;
  /** Beyond the limit one alert more counts the others. */
  const opened = (breaches > MAX_OPEN_ALERTS ? MAX_OPEN_ALERTS + 1 : breaches) + CRITICAL;
  describe(`22: ${count} alerts within a second`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'opensqt-storm-'));
    let slack: ProviderServer;
    let telegram: ProviderServer;
    let app: AlertApplication;
    let events: readonly AnyEvent[];
    let mostPending = 0;

    beforeAll(async () => {
      slack = await startProviderServer();
      telegram = await startProviderServer();
      telegram.answer(200, TELEGRAM_OK);
      const alerts = { ...chatsAt(slack.url, telegram.url), burst: BURST, groupWindow: 2_000 };
      app = await AlertApplication.start({ path: join(folder, 'events.db'), alerts });
      app.emit(...storm(count, Date.now()));
      const digests = (): number => slack.requests.filter(({ body }) => body.includes('DIGEST')).length;
      await eventually(
        () => {
          const { pending } = app.alerts.channelHealth();
          mostPending = Math.max(mostPending, pending);
          return digests() > 0 && pending === 0;
        },
        { showing: () => app.alerts.channelHealth() },
      );
      events = (await app.records()).map(({ event }) => event);
    });
    afterAll(async () => {
      await app.stop();
      await slack.close();
      await telegram.close();
      rmSync(folder, { recursive: true });
    });

    const ofType = <Type extends AnyEvent['type']>(type: Type) =>
      events.filter((event): event is Extract<AnyEvent, { type: Type }> => event.type === type);

    it('loses none of them, and says of each and each channel whether it was notified', () => {
      expect(ofType('alert.raised')).toHaveLength(opened);
      expect(app.alerts.active()).toHaveLength(opened);
      for (const channel of ['log', 'slack', 'telegram']) {
        const about = [...ofType('delivery.requested'), ...ofType('alert.suppressed')].filter(
          ({ data }) => data.channel === channel,
        );
        expect(new Set(about.map(({ data }) => data.alertId)).size).toBe(
          channel === 'log' ? opened : opened + 1,
        );
      }
      expect(app.lines.filter((line) => line.includes('Risk limit breached'))).toHaveLength(
        opened - CRITICAL,
      );
    });

    it('notifies a channel of the first ones, and of all others in one digest whose count is right', () => {
      const rest = opened - CRITICAL - BURST;
      for (const { requests } of [slack, telegram]) {
        expect(requests).toHaveLength(BURST + CRITICAL + 1);
        const digests = requests.filter(({ body }) => body.includes('DIGEST'));
        expect(digests).toHaveLength(1);
        expect(digests[0]?.body).toContain(`${rest} alerts within`);
        expect(digests[0]?.body).toContain('Risk limit breached: limit 0 of S10');
        expect(digests[0]?.body).toContain(`and ${rest - 10} more`);
      }
    });

    it('begins nothing else on a channel while a CRITICAL alert waits for it', () => {
      const critical = new Set<string>();
      const waiting: Record<string, number> = {};
      const overtaken: string[] = [];
      for (const { type, data } of events) {
        if (type === 'delivery.requested' && data.notice.level === 'CRITICAL') {
          critical.add(data.deliveryId);
          waiting[data.channel] = (waiting[data.channel] ?? 0) + 1;
        }
        if (type !== 'delivery.started') continue;
        const before = waiting[data.channel] ?? 0;
        if (critical.has(data.deliveryId)) waiting[data.channel] = before - 1;
        else if (before > 0) overtaken.push(data.deliveryId);
      }
      expect(critical.size).toBe(3 * CRITICAL);
      expect(overtaken).toEqual([]);
    });

    it('keeps no more waiting than the log channel has to write and the others may be sent', () => {
      expect(mostPending).toBeLessThanOrEqual(count + 2 * (BURST + CRITICAL + 1));
      expect(app.alerts.history(Infinity)).toHaveLength(0);
    });
  });
}
