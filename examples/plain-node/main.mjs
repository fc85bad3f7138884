import 'reflect-metadata';
import { createObservability } from '@opensqt/observability';
import { fromCcxt } from '@opensqt/trading-events';

const port = Number(process.env.PORT ?? 9464);
const { events, alerts, health, close } = await createObservability({
  name: 'script',
  telemetry: { metricsPort: port },
});
console.log(`Metrics on http://127.0.0.1:${port}/metrics`);

// As exchange.watchMyTrades() of ccxt gives it; the second one is the same trade again, and counts once.
const trade = {
  ...{ id: 't1', order: '81', symbol: 'PEPE/USDT', side: 'buy', timestamp: Date.now() },
  ...{ price: 8.12e-7, amount: 20_000_000_000, fee: { cost: 16.24, currency: 'USDT' } },
};
events.emit(...fromCcxt(trade, { strategy: 'script' }), ...fromCcxt(trade, { strategy: 'script' }));

await alerts.raise({ level: 'WARNING', title: 'Funding is late', message: 'No payment since 08:00.' });
console.log(health());

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close());
