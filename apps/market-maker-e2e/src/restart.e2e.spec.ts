import { Workplace, metricIn } from './testing/market-maker-process';

const COUNTERS = [
  'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}',
  'market_maker_orders_filled_total{symbol="ETHUSDT",side="sell"}',
  'market_maker_volume_total{symbol="BTCUSDT"}',
];

describe('a market maker that is ended and started again', () => {
  let workplace: Workplace;
  beforeEach(() => {
    workplace = new Workplace();
  });
  afterEach(() => workplace.clear());

  async function tradedForAWhile(speed: number) {
    const marketMaker = await workplace.start({ exchange: { speed } });
    await marketMaker.answering();
    const text = (): Promise<string> => marketMaker.get('/metrics').then((answer) => answer.text);
    await marketMaker.until(async () => {
      const now = await text();
      return COUNTERS.every((series) => (metricIn(now, series) ?? 0) > 0);
    }, 'for fills on both symbols');
    return { marketMaker, text };
  }

  it('cancels its orders and writes everything down at SIGTERM, and goes on counting where it was', async () => {
    const { marketMaker } = await tradedForAWhile(600);
    expect(await marketMaker.end('SIGTERM')).toEqual({ code: 0, signal: null });

    const events = await eventsOf(workplace);
    const open = new Set<string>();
    for (const { type, data } of events) {
      const orderId = data['orderId'] ?? '';
      if (type === 'order.placed') open.add(orderId);
      if (type === 'order.canceled' || (type === 'order.filled' && Number(data['remaining']) === 0))
        open.delete(orderId);
    }
    expect([...open]).toEqual([]);
    expect(events.filter(({ type }) => type === 'symbol.stopped')).toHaveLength(2);

    const before = await workplace.command('replay');
    const again = await workplace.start({ exchange: { speed: 1 } });
    await again.answering();
    const after = (await again.get('/metrics')).text;
    for (const series of COUNTERS) expect(metricIn(after, series)).toBe(metricIn(before, series));
    await again.printed('Resuming after');
  });

  it('takes a signal that arrives twice at once, as npm and a terminal send it, for one', async () => {
    const { marketMaker } = await tradedForAWhile(600);
    void marketMaker.end('SIGINT');
    void marketMaker.end('SIGTERM');
    expect(await marketMaker.end('SIGINT')).toEqual({ code: 0, signal: null });
    expect(marketMaker.output).toContain('Stopped after');
  });

  it('loses nothing that was on disk at kill -9, and repeats no id afterwards', async () => {
    const { marketMaker } = await tradedForAWhile(600);
    await marketMaker.end('SIGKILL');
    const before = await workplace.command('replay');
    const position = metricIn(before, 'market_maker_event_log_position') ?? 0;
    expect(position).toBeGreaterThan(0);

    const again = await workplace.start({ exchange: { speed: 600 } });
    await again.answering();
    await again.until(
      async () => ((await again.metric('market_maker_event_log_position')) ?? 0) > position + 50,
      'for further events',
    );
    const { text } = await again.get('/metrics');
    for (const series of COUNTERS) {
      expect(metricIn(text, series)).toBeGreaterThanOrEqual(metricIn(before, series) ?? NaN);
    }
    expect(text).not.toContain('market_maker_events_rejected_total{');
    await again.end('SIGTERM');
    const positions = (await eventsOf(workplace)).map((event) => event.position);
    expect(positions).toEqual(positions.map((_, index) => index + 1));
  });
});

interface LoggedEvent {
  readonly position: number;
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

async function eventsOf(workplace: Workplace): Promise<readonly LoggedEvent[]> {
  const lines = (await workplace.command('events')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as LoggedEvent);
}
