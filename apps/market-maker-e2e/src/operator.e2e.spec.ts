import { createEvent } from '@opensqt/trading-events';
import { Workplace } from './testing/market-maker-process';

describe("the operator's command", () => {
  const workplace = new Workplace();
  afterAll(() => workplace.clear());

  it('asks the running market maker, with the token of the configuration', async () => {
    const marketMaker = await workplace.start({ server: { token: 'for-operators' } });
    await marketMaker.answering();
    const configuration = ['--config', workplace.path(`config-${marketMaker.port}.yaml`)];
    const sent = await workplace.alerts('test', 'log', ...configuration);
    expect(sent).toMatchObject({ code: 0, stdout: expect.stringContaining('delivered') });
    const unknown = await workplace.alerts('ack', 'nothing', ...configuration);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("No alert 'nothing' is open") });
  });

  it('says which channels an event goes to, without a market maker', async () => {
    const tripped = createEvent('circuit_breaker.tripped', {
      ...{ scope: 'global', reason: 'max_drawdown', value: '2', threshold: '1', cooldownMs: 60_000 },
    });
    const file = workplace.write('event.json', JSON.stringify(tripped));
    const { code, stdout } = await workplace.alerts('route', '--event', file);
    expect({ code, lines: stdout.trimEnd().split('\n') }).toMatchObject({
      code: 0,
      lines: [expect.stringContaining('CRITICAL Circuit breaker tripped'), expect.stringMatching(/^log: /)],
    });
  });

  it('names the command that was meant', async () => {
    const { code, stderr } = await workplace.alerts('histroy');
    expect(code).toBe(2);
    expect(stderr).toContain("There is no command 'histroy'. Did you mean 'history'?");
  });
});
