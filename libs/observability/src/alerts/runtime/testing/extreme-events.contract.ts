import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnyEvent, EVENT_CATALOGUE, type EventType, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { startProviderServer } from '../../../channels/testing/provider-server';
import { AlertApplication } from '../../delivery/testing/alert-application';
import { isAlertEvent } from '../../model/alerts.projection';
import { extremeEvents } from '../../policy/testing/extreme-events';

/**
 * Emits extreme events of each of those types into the whole module, and expects a CRITICAL alert after them to reach a real webhook; then
 * the same of one more alert once it has been started again on that log. Events of alerts and of the log come as another process would have recorded them.
 */
export async function expectCriticalToArriveAfter(types: readonly EventType[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-extreme-'));
  const desk = await startProviderServer();
  const alerts = { webhook: { enabled: true, url: desk.url } };
  const start = () => AlertApplication.start({ path: join(folder, 'events.db'), alerts });
  const now = Date.now();
  let app = await start();

  async function expectCritical(scope: string): Promise<void> {
    const limits = { reason: 'max_drawdown', value: '512', threshold: '500', cooldownMs: 600_000 } as const;
    app.emit(createEvent('circuit_breaker.tripped', { scope, ...limits }));
    await eventually(
      () => desk.requests.some(({ json }) => json?.['level'] === 'CRITICAL' && textOf(json).includes(scope)),
      { what: `the trip of ${scope} arrives`, within: 30_000 },
    );
  }

  try {
    const others: AnyEvent[] = [];
    for (const event of types.flatMap((type) => extremeEvents(type, now))) {
      if (isAlertEvent(event) || event.source === 'event-log') others.push(event);
      else app.emit(event);
    }
    await app.log.append(others);
    await expectCritical('before');
    const recorded = new Set((await app.records()).map(({ event }) => event.type));
    const kept = types.filter((type) => EVENT_CATALOGUE[type].kept === 'log');
    expect(kept.filter((type) => !recorded.has(type))).toEqual([]);
    await app.stop();
    app = await start();
    await expectCritical('after');
  } finally {
    await app.stop();
    await desk.close();
    rmSync(folder, { recursive: true });
  }
}

function textOf(json: Record<string, unknown>): string {
  return JSON.stringify(json['labels']);
}
