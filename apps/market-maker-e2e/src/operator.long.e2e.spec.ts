import { eventually } from '@opensqt/trading-events/testing';
import { type CommandResult, type MarketMakerProcess, Workplace } from './testing/market-maker-process';

describe("the operator's command", () => {
  const workplace = new Workplace();
  let marketMaker: MarketMakerProcess;

  const alerts = (...args: readonly string[]): Promise<CommandResult> =>
    workplace.alerts('--config', workplace.path(`config-${marketMaker.port}.yaml`), ...args);

  beforeAll(async () => {
    marketMaker = await workplace.start({
      exchange: { speed: 3_600 },
      server: { token: 'for-operators' },
      alerts: { slack: { enabled: true, webhook_url: 'http://127.0.0.1:1/hook' } },
    });
    await marketMaker.printed('RESOLVED · Exchange reconnected');
  });
  afterAll(() => workplace.clear());

  it('shows the whole story of an alert from the log, by the beginning of its id: event, decisions, attempts, end', async () => {
    const { stdout: history } = await alerts('history', '100');
    const line = history
      .split('\n')
      .find((row) => row.includes('Exchange reconnected') || row.includes('disconnected'));
    const [id = ''] = (line ?? '').split(' ');
    const why = async (): Promise<string> => (await alerts('why', id.slice(0, 8))).stdout;
    await eventually(async () => expect(await why()).toContain('slack, transient')); // its attempt may still be under way
    const stdout = await why();
    const types = stdout
      .trimEnd()
      .split('\n')
      .map((row) => row.split('  ')[2]);
    expect(types.slice(0, 3)).toEqual(['exchange.disconnected', 'alert.raised', 'delivery.requested']);
    for (const type of ['delivery.started', 'delivery.succeeded', 'delivery.failed', 'alert.resolved']) {
      expect(types).toContain(type);
    }
  });

  it('says why an event notified nobody', async () => {
    const [first = ''] = (await workplace.command('events', '--type', 'order.filled')).split('\n');
    const { id } = JSON.parse(first) as { id: string };
    const { stdout } = await alerts('why-not', '--event', id);
    expect(stdout).toMatch(/large_execution: (not met|met)/);
    const [paused = ''] = (await workplace.command('events', '--type', 'quoting.paused')).split('\n');
    const nothing = await alerts('why-not', '--event', (JSON.parse(paused) as { id: string }).id);
    expect(nothing.stdout).toContain('No condition is about quoting.paused.');
  });

  it('silences, sends a test and lists, with the token of the configuration', async () => {
    const silenced = await alerts(
      'silence',
      'condition=large_execution',
      '--for',
      '300d',
      '--reason',
      'quiet please',
    );
    expect(silenced.stdout).toMatch(/^\S+ until \d{4}-/);
    const { stdout: listed } = await alerts('silences');
    expect(listed).toMatch(
      /^\S{36} {2}condition=large_execution {2}from \d{4}-\S+ {2}until \d{4}-\S+ {2}by token {2}quiet please \(as \S+\)\n$/,
    );
    expect((await alerts('unsilence', silenced.stdout.split(' ')[0] ?? '', '--by', 'eve')).code).toBe(0);
    expect(await alerts('test', 'log')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('delivered'),
    });
    expect(await alerts('test', 'slack')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not delivered'),
    });
    expect((await alerts('list')).code).toBe(0);
  });

  it('says which channels would be notified of an event, and why the others not', async () => {
    const [line = ''] = (await workplace.command('events', '--type', 'exchange.disconnected')).split('\n');
    const config = workplace.write(
      'strict.yaml',
      JSON.stringify({
        alerts: { slack: { enabled: true, webhook_url: 'http://127.0.0.1:1/hook', min_level: 'ERROR' } },
      }),
    );
    const { stdout } = await alerts(
      'route',
      '--event',
      workplace.write('event.json', line),
      '--config',
      config,
    );
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringContaining('WARNING Exchange disconnected'),
      'log: notified',
      expect.stringContaining(
        'slack: not notified, below_channel_level (held by match; passed log, silence;',
      ),
    ]);
  });

  it('decides on the log again under another configuration, and sends nothing', async () => {
    expect((await alerts('backtest')).stdout).toBe('no difference\n');
    const config = workplace.write(
      'other.yaml',
      JSON.stringify({
        alerts: { large_execution: { threshold: '100' }, burst: 100 },
        event_log: { path: 'data/events.db' },
      }),
    );
    const { stdout } = await alerts('backtest', '--config', config);
    expect(stdout).toMatch(/^2026-01-01 {2}new {6}alert {4}INFO Large execution/m);
    expect(stdout).toMatch(/^2026-01-01 {2}gone {5}message {2}slack: raised/m);
  });

  it.each([
    [['ack'], 1, 'needs the id of an alert'],
    [['ack', 'nothing'], 1, "No alert 'nothing' is open"],
    [['silence', 'x', '--for', '1m', '--reason', 'r'], 1, 'is no matcher: write LABEL=VALUE'],
    [['silence', 'a=b', '--for', '1', '--reason', 'r'], 2, 'must be a duration'],
    [['why', 'nothing'], 1, "no alert 'nothing'"],
    [
      ['histroy'],
      2,
      "There is no command 'histroy'. Did you mean 'history'? Try: npm run -s alerts -- --help",
    ],
    [['list', '--confgi', 'x'], 2, "There is no option '--confgi'. Did you mean '--config'?"],
    [[], 2, 'Say what to do: list, history, ack,'],
    [['list', '--config', 'missing.yaml'], 78, 'missing.yaml'],
  ])('explains itself for %p', async (args, code, words) => {
    expect(await alerts(...args)).toMatchObject({ code, stderr: expect.stringContaining(words) });
  });
});
