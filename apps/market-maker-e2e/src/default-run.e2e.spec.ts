import { Workplace, metricIn } from './testing/market-maker-process';

const SPECIFIED: readonly (readonly [name: string, type: string, labels: readonly string[]])[] = [
  ['market_maker_pnl_realized_total', 'counter', ['symbol', 'strategy']],
  ['market_maker_pnl_unrealized', 'gauge', ['symbol', 'strategy']],
  ['market_maker_orders_active', 'gauge', ['symbol', 'side']],
  ['market_maker_orders_placed_total', 'counter', ['symbol', 'side', 'type']],
  ['market_maker_orders_filled_total', 'counter', ['symbol', 'side']],
  ['market_maker_volume_total', 'counter', ['symbol']],
  ['market_maker_position_size', 'gauge', ['symbol']],
  ['market_maker_latency_exchange_ms', 'histogram', ['exchange', 'operation']],
  ['market_maker_latency_tick_to_trade_ms', 'histogram', ['symbol']],
];

describe('the default run', () => {
  const workplace = new Workplace();
  afterAll(() => workplace.clear());

  it('shows the nine metrics of the specification, moving, and every component healthy', async () => {
    const marketMaker = await workplace.start();
    await marketMaker.answering();
    const fills = 'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}';
    await marketMaker.above(fills);
    await marketMaker.printed(/"Trading[.,] /);
    const { text } = await marketMaker.get('/metrics');
    for (const [name, type, labels] of SPECIFIED) {
      expect(text).toContain(`# TYPE ${name} ${type}\n`);
      expect(labelsOf(text, type === 'histogram' ? `${name}_count` : name)).toEqual(labels);
    }
    const placed = 'market_maker_orders_placed_total{symbol="BTCUSDT",side="buy",type="post_only"}';
    const before = metricIn(text, placed) ?? 0;
    await marketMaker.above(placed, before);

    const health = await marketMaker.get('/health');
    expect(health.status).toBe(200);
    const { status, details } = JSON.parse(health.text) as {
      status: string;
      details: Record<string, unknown>;
    };
    expect(status).toBe('ok');
    expect(Object.keys(details)).toEqual([
      'process',
      'replay',
      'event_log',
      'exchange_paper',
      'trading',
      'alerts',
      'alert_channels',
    ]);
    await marketMaker.end('SIGTERM');
  });

  it('meets every alert condition in a simulated day, notifies of it, and sees it resolved', async () => {
    const marketMaker = await workplace.start({ exchange: { speed: 3_600 }, event_log: { path: 'day.db' } });
    await marketMaker.answering();
    const raised = (condition: string, level: string) =>
      `market_maker_alerts_raised_total{condition="${condition}",level="${level}"}`;
    const all = [
      raised('circuit_breaker_trip', 'CRITICAL'),
      raised('exchange_disconnect', 'WARNING'),
      raised('strategy_panic', 'CRITICAL'),
      raised('large_execution', 'INFO'),
    ];
    await marketMaker.eventually(
      async () => {
        const { text } = await marketMaker.get('/metrics');
        const limits = ['WARNING', 'ERROR'].some((level) =>
          metricIn(text, raised('risk_limit_breach', level)),
        );
        return limits && all.every((series) => metricIn(text, series));
      },
      { what: 'all five conditions' },
    );
    for (const words of [
      'CRITICAL · Circuit breaker tripped',
      'RESOLVED · Circuit breaker reset',
      'WARNING · Exchange disconnected: paper (market stream)',
      'ESCALATED to ERROR · Exchange still disconnected: paper (market stream)',
      'RESOLVED · Exchange reconnected: paper (market stream)',
      'CRITICAL · Strategy panicked',
      'RESOLVED · Strategy restarted',
      'Risk limit breached',
      'INFO · Large execution',
    ]) {
      await marketMaker.printed(words);
    }
    await marketMaker.eventually(
      async () => (await marketMaker.metric('market_maker_circuit_breaker_open{scope="global"}')) === 0,
      { what: 'the breaker is reset by its cooldown' },
    );
    await marketMaker.end('SIGTERM');
  });
});

function labelsOf(text: string, name: string): readonly string[] {
  const [, labels = ''] = new RegExp(`^${name}\\{(.*)\\} `, 'm').exec(text) ?? [];
  return [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
}
