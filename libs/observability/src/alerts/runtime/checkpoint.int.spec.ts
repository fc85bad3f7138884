import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventLog } from '@opensqt/event-log';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { AlertApplication } from '../delivery/testing/alert-application';
import { AlertDecider } from './alert-decider';

const stopped = (n: number) => createEvent('symbol.stopped', { symbol: `S${n % 9}`, reason: 'operator' });
const quiet = (count: number) => Array.from({ length: count }, (_, n) => stopped(n));
const tripped = () =>
  createEvent('circuit_breaker.tripped', {
    ...{ scope: 'global', reason: 'max_drawdown', value: '6', threshold: '5', cooldownMs: 600_000 },
  });

describe('the checkpoint of decisions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-checkpoint-'));
  let logs = 0;
  let path = '';
  let slack: ProviderServer;
  let app: AlertApplication;

  beforeEach(async () => {
    slack = await startProviderServer();
    path = join(folder, `${(logs += 1)}.db`);
    await start();
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now); // no second passes in which it would move
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.stop();
    await slack.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function start(): Promise<void> {
    const alerts = { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } };
    app = await AlertApplication.start({ path, alerts });
  }

  async function decided(count: number): Promise<void> {
    app.emit(...quiet(count));
    await app.log.flush();
    await eventually(() => expect(app.get(AlertDecider).position?.position).toBe(count));
  }

  it('moves with the positions, where nothing is decided and no time passes', async () => {
    await decided(9_000);
    expect(await app.log.checkpoint('alerts')).toBeGreaterThanOrEqual(9_000 - 5_000);
  });

  it('moves with an orderly stop, and the first alert after it waits for nothing before it', async () => {
    await decided(60);
    expect(await app.log.checkpoint('alerts')).toBe(0);
    await app.stop();
    const log = await openSqliteEventLog({ path, readOnly: true });
    expect(await log.checkpoint('alerts')).toBe(60);
    await log.close();

    await start();
    const decide = jest.spyOn(AlertDecider.prototype, 'context');
    app.emit(tripped());
    await slack.received(1);
    expect(slack.requests).toHaveLength(1);
    expect(app.get(AlertDecider).position?.position).toBeGreaterThan(60);
    expect(decide).toHaveBeenCalled();
  });
});
