import cluster from 'node:cluster';
import { join } from 'node:path';
import { createObservability } from '../create-observability';

/** Two workers of `node:cluster`, each with a log and numbers of its own, which it prints. Argument: a folder. */
async function work(folder: string, id: number): Promise<void> {
  const { events, metrics } = await createObservability({
    name: `mm-${id}`,
    telemetry: { metricsPort: 0 },
    eventLog: { kind: 'sqlite', path: join(folder, `events-${id}.db`) },
  });
  const order = { symbol: 'BTCUSDT', strategy: 'mine', orderId: '1', side: 'buy' } as const;
  const amounts = { price: 100, quantity: 1, remaining: 0, fee: 0, feeAsset: 'USDT' };
  for (let fill = 1; fill <= id; fill++) events.filled({ ...order, ...amounts, fillId: String(fill) });
  const { text } = await metrics();
  const [, count] = /^market_maker_orders_filled_total\{.*\} (\d+)$/m.exec(text) ?? [];
  process.stdout.write(`worker ${id} counts ${count}\n`);
}

if (cluster.isPrimary) for (let id = 1; id <= 2; id++) cluster.fork();
else void work(process.argv[2] ?? '', cluster.worker?.id ?? 0);
