import { type MarketMakerProcess, Workplace, metricIn } from './testing/market-maker-process';
import { recordingOfAFall } from './testing/synthetic-recording';

const TOKEN = 'for-operators';
const SYMBOLS = ['AAAEUR', 'BBBEUR'];

const open = (metrics: string) =>
  SYMBOLS.map((symbol) => metricIn(metrics, `market_maker_circuit_breaker_open{scope="${symbol}"}`));

describe('breakers that an operator resets', () => {
  const workplace = new Workplace();
  let marketMaker: MarketMakerProcess;
  afterAll(() => workplace.clear());

  const metrics = () => marketMaker.get('/metrics').then(({ text }) => text);

  async function resetOverHttp(scope: string) {
    const answer = await fetch(`http://127.0.0.1:${marketMaker.port}/breakers/${scope}/reset`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'mallory', reason: 'the same print' }),
    });
    return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
  }

  it('let trading go on at once and after a kill, and the log knows who did it and why', async () => {
    const path = workplace.write('fall.csv', recordingOfAFall(20_000));
    const configuration = {
      exchange: { source: 'recording', speed: 60 },
      recording: SYMBOLS.map((symbol) => ({ symbol, path })),
      risk: { cooldown: '365d', max_drawdown: '1000000' },
      server: { tokens: [{ name: 'desk', token: TOKEN, role: 'operate' }] },
    };
    marketMaker = await workplace.start(configuration);
    await marketMaker.answering();
    await marketMaker.eventually(async () => open(await metrics()).every((value) => value === 1), {
      what: 'every breaker is tripped',
    });

    const file = workplace.path(`config-${marketMaker.port}.yaml`);
    const why = ['--by', 'eve', '--reason', 'a bad print'];
    const command = await workplace.alerts('reset', 'AAAEUR', ...why, '--config', file);
    expect(command).toMatchObject({ code: 0, stdout: 'AAAEUR is reset; still tripped: BBBEUR\n' });
    const again = await workplace.alerts('reset', 'AAAEUR', ...why, '--config', file);
    expect(again).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("'AAAEUR' is not tripped. Tripped: BBBEUR."),
    });
    expect(await resetOverHttp('BBBEUR')).toMatchObject({ status: 200, body: { tripped: [] } });
    await marketMaker.end('SIGKILL');

    const lines = (await workplace.command('events', '--type', 'circuit_breaker.reset'))
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { readonly data: object }).data)).toEqual([
      { scope: 'AAAEUR', by: 'desk', reason: 'a bad print (as eve)' },
      { scope: 'BBBEUR', by: 'desk', reason: 'the same print (as mallory)' },
    ]);
    marketMaker = await workplace.start(configuration);
    await marketMaker.answering();
    const before = await metrics();
    expect(open(before)).toEqual([0, 0]);
    const placed = 'market_maker_orders_placed_total{symbol="AAAEUR",side="buy",type="post_only"}';
    await marketMaker.above(placed, metricIn(before, placed));
  });
});
