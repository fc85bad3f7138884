import { type ProviderServer, startProviderServer } from '@opensqt/observability/testing';
import { Workplace } from './testing/market-maker-process';

const TOKEN = 'otlp-token-that-nobody-sees';

/** The families that a request of OTLP has, as `/metrics` names them. */
function familiesIn(body: string): readonly string[] {
  const { resourceMetrics } = JSON.parse(body) as {
    readonly resourceMetrics: readonly {
      readonly scopeMetrics: readonly { readonly metrics: readonly { readonly name: string }[] }[];
    }[];
  };
  return resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
  );
}

describe('the market maker beside a collector of OpenTelemetry', () => {
  let workplace: Workplace;
  let collector: ProviderServer;
  beforeEach(async () => {
    workplace = new Workplace();
    collector = await startProviderServer();
  });
  afterEach(async () => {
    await workplace.clear();
    await collector.close();
  });

  it('sends it all that /metrics shows, by its configuration, and once more at the end', async () => {
    const headers = { Authorization: { file: workplace.write('token', `Bearer ${TOKEN}\n`) } };
    const marketMaker = await workplace.start(
      { name: 'mm-btc-1', telemetry: { otlp: { endpoint: collector.url, headers, interval: '1h' } } },
      { OTEL_SERVICE_NAME: 'market-maker' },
    );
    await marketMaker.answering();
    await marketMaker.above('market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}');
    const [first] = await collector.received(1);
    expect(first?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(first?.body).toContain('{"key":"service.name","value":{"stringValue":"market-maker"}}');
    expect(first?.body).toContain('{"key":"service.instance.id","value":{"stringValue":"mm-btc-1"}}');
    const shown = [...(await marketMaker.get('/metrics')).text.matchAll(/^([a-z_]+)[{ ]/gm)];

    await marketMaker.end('SIGTERM');
    const families = new Set(familiesIn(collector.requests.at(-1)?.body ?? '{}'));
    const missing = shown.flatMap(([, name = '']) =>
      [name, name.replace(/_(bucket|sum|count)$/, '')].some((family) => families.has(family)) ? [] : [name],
    );
    expect(collector.requests).toHaveLength(2);
    // The resource is a part of each request, and nothing is quoted at the end.
    const none = ['target_info', 'market_maker_quoted_spread'];
    expect(missing.filter((name) => !none.includes(name))).toEqual([]);
    expect(marketMaker.output).not.toContain(TOKEN);
  });
});
