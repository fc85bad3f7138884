import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlertLevel, createEvent } from '@opensqt/trading-events';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { AlertApplication } from '../delivery/testing/alert-application';
import { AlertLedger } from '../store/alert-ledger';

const filled = (fillId: string) =>
  createEvent('order.filled', {
    ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: fillId, fillId, side: 'buy', price: '50000' },
    ...{ quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
  });

describe('a one-off alert that was delivered', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-killed-after-delivery-'));
  let slack: ProviderServer;
  let app: AlertApplication;
  let logs = 0;
  let path: string;

  beforeEach(async () => {
    slack = await startProviderServer();
    logs += 1;
    path = join(folder, `${logs}.db`);
    await start(path);
  });
  afterEach(async () => {
    await app.stop();
    await slack.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function start(file: string): Promise<void> {
    const alerts = { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } };
    app = await AlertApplication.start({ path: file, alerts });
  }

  /** Goes on with the files as they are: as after kill -9. */
  async function kill(): Promise<void> {
    const copy = join(folder, `${logs}-after.db`);
    for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, copy + end);
    await app.stop();
    await start(copy);
  }

  async function expectOnce(): Promise<void> {
    app.emit(filled('after'));
    await slack.received(2);
    await app.settled();
    expect(slack.requests).toHaveLength(2);
    const requests = (await app.deliveries('slack')).filter((type) => type === 'delivery.requested');
    expect(requests).toHaveLength(2);
  }

  it('is not sent again where the process is killed before its checkpoint has moved on', async () => {
    app.emit(filled('before'));
    await slack.received(1);
    await app.settled();
    await kill();
    await expectOnce();
  });

  it('is not sent again either where an application has raised it', async () => {
    const [title, message] = ['Funding', 'was paid'];
    await app.alerts.raise({ level: AlertLevel.Info, title, message, oneOff: true });
    await slack.received(1);
    await app.settled();
    await kill();
    await expectOnce();
  });

  it('is not sent again where the state is dropped before its record came back', async () => {
    const ledger = app.get(AlertLedger);
    let isDropped = false;
    ledger.onFold(({ type }) => {
      if (isDropped || type !== 'delivery.succeeded') return;
      isDropped = true;
      ledger.drop();
    });
    app.emit(filled('before'));
    await slack.received(1);
    await app.settled();
    expect(isDropped).toBe(true);
    await expectOnce();
  });
});
