import { once } from 'node:events';
import { connect } from 'node:net';
import { Workplace, metricIn } from './testing/market-maker-process';

const COUNTERS = [
  'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}',
  'market_maker_orders_filled_total{symbol="ETHUSDT",side="sell"}',
  'market_maker_volume_total{symbol="BTCUSDT"}',
];

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];

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
    await marketMaker.eventually(
      async () => {
        const now = await text();
        return COUNTERS.every((series) => (metricIn(now, series) ?? 0) > 0);
      },
      { what: 'fills on both symbols' },
    );
    return { marketMaker, text };
  }

  it('cancels its orders when the terminal is closed, whatever connections are open', async () => {
    const { marketMaker } = await tradedForAWhile(600);
    const open = () => connect(marketMaker.port, '127.0.0.1').on('error', () => undefined);
    const [bare, half] = [open(), open()];
    half.write('POST /alerts/silences HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{');
    await Promise.all([once(bare, 'connect'), once(half, 'connect')]);

    expect(await marketMaker.end('SIGHUP')).toEqual({ code: 0, signal: null });
    expect(openOrders(await eventsOf(workplace))).toEqual([]);
  });

  it('cancels its orders and writes everything down at SIGTERM, and goes on counting where it was', async () => {
    const { marketMaker } = await tradedForAWhile(600);
    expect(await marketMaker.end('SIGTERM')).toEqual({ code: 0, signal: null });

    const events = await eventsOf(workplace);
    expect(openOrders(events)).toEqual([]);
    expect(events.filter(({ type }) => type === 'symbol.stopped')).toHaveLength(2);

    expect(await workplace.command('replay', '--snapshots')).toMatch(
      /^From the snapshot at position \d+: 0 events read/,
    );
    const before = await workplace.command('replay');
    const again = await workplace.start({ exchange: { speed: 1 } });
    await again.answering();
    const after = (await again.get('/metrics')).text;
    for (const series of COUNTERS) expect(metricIn(after, series)).toBe(metricIn(before, series));
    await again.printed('Resuming after');
  });

  it('treats a signal that arrives twice at once, as npm and a terminal send it, as one', async () => {
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
    await again.above('market_maker_event_log_position', position + 50);
    const { text } = await again.get('/metrics');
    for (const series of COUNTERS) {
      // What was not committed by then is not there yet: the last fills, or all of them.
      expect(metricIn(text, series) ?? 0).toBeGreaterThanOrEqual(metricIn(before, series) ?? 0);
    }
    expect(text).not.toContain('market_maker_events_rejected_total{');
    await again.end('SIGTERM');
    const positions = (await eventsOf(workplace)).map((event) => event.position);
    expect(positions).toEqual(positions.map((_, index) => index + 1));
  });

  it('settles the orders that a kill left open before it quotes, and keeps its position', async () => {
    const { marketMaker } = await tradedForAWhile(600);
    await marketMaker.end('SIGKILL');
    const left = await eventsOf(workplace);
    const open = openOrders(left);
    expect(open).not.toEqual([]);
    const again = await workplace.start({ exchange: { speed: 600 } });
    await again.answering();
    await again.printed(`${open.length} orders to be settled with the venue`);
    await again.eventually(
      async () => {
        const placed = (await newEvents(left)).filter(({ type }) => type === 'order.placed');
        return SYMBOLS.every((symbol) => placed.some(({ data }) => data['symbol'] === symbol));
      },
      { what: 'orders on both symbols' },
    );
    await again.end('SIGTERM');

    const events = await newEvents(left);
    for (const symbol of SYMBOLS) {
      const ofSymbol = events.filter(({ data }) => data['symbol'] === symbol);
      const quoted = ofSymbol.findIndex(({ type }) => type === 'order.placed');
      const settled = ofSymbol.slice(0, quoted).filter(({ type }) => type === 'order.canceled');
      const due = open.filter((order) => order.symbol === symbol).map(({ orderId }) => orderId);
      expect(settled.map(({ data }) => data['orderId']).sort()).toEqual(due.sort());
      expect(settled.every(({ data }) => data['reason'] === 'not_found_at_venue')).toBe(true);

      const traded = ofSymbol
        .filter(({ type }) => type === 'order.filled')
        .map(({ data }) => signedQuantity(data));
      const held = traded.reduce((sum, quantity) => sum + quantity, Number(sizeOf(left, symbol)));
      expect(Number(sizeOf([...left, ...events], symbol))).toBeCloseTo(held, 9);
    }
  });

  it('starts from its snapshots and the events after them, and is what a replay of the whole log makes', async () => {
    const snapshots = { snapshot_interval: '100ms', snapshot_events: 50 };
    const marketMaker = await workplace.start({ exchange: { speed: 600 }, event_log: snapshots });
    await marketMaker.answering();
    await marketMaker.eventually(
      async () => ((await marketMaker.metric(COUNTERS[0] ?? '')) ?? 0) > 0 && (await snapshotsAreUsed()),
      { what: 'a fill and a snapshot' },
    );
    await marketMaker.end('SIGKILL');

    const again = await workplace.start({ exchange: { speed: 1 }, event_log: snapshots });
    await again.answering();
    await again.printed('Restored from the snapshot at position');
    expect(await workplace.command('replay', '--snapshots')).toMatch(
      /metrics: equal\nhealth: equal\nalerts: equal\nconsole: equal\nsummary: equal\nrecent_fills: equal\n$/,
    );
    const live = await workplace.command('replay', '--compare', `http://127.0.0.1:${again.port}/metrics`);
    expect(live).toMatch(/^Equal: \d+ series at position \d+\.\n$/);
    await again.above('market_maker_latency_exchange_ms_count{exchange="paper",operation="open_orders"}');
  });

  async function newEvents(before: readonly LoggedEvent[]): Promise<readonly LoggedEvent[]> {
    return (await eventsOf(workplace)).slice(before.length);
  }

  async function snapshotsAreUsed(): Promise<boolean> {
    return (await workplace.command('replay', '--snapshots')).startsWith('From the snapshot');
  }
});

function openOrders(
  events: readonly LoggedEvent[],
): readonly { readonly orderId: string; readonly symbol: string }[] {
  const open = new Map<string, string>();
  for (const { type, data } of events) {
    const orderId = data['orderId'] ?? '';
    if (type === 'order.placed') open.set(orderId, data['symbol'] ?? '');
    if (type === 'order.canceled' || (type === 'order.filled' && Number(data['remaining']) === 0))
      open.delete(orderId);
  }
  return [...open].map(([orderId, symbol]) => ({ orderId, symbol }));
}

function sizeOf(events: readonly LoggedEvent[], symbol: string): string | undefined {
  return events.findLast(({ type, data }) => type === 'position.changed' && data['symbol'] === symbol)?.data[
    'size'
  ];
}

interface LoggedEvent {
  readonly position: number;
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

async function eventsOf(workplace: Workplace): Promise<readonly LoggedEvent[]> {
  const lines = (await workplace.command('events')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as LoggedEvent);
}

function signedQuantity(fill: LoggedEvent['data']): number {
  return Number(fill['quantity']) * (fill['side'] === 'buy' ? 1 : -1);
}
