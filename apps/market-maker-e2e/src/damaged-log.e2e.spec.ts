import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Workplace, metricIn } from './testing/market-maker-process';

const FILLS = 'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}';
const ARCHIVING = { exchange: { speed: 600 }, event_log: { retention: { max_age: '1s' } } };

/** The folder of a market maker that traded until a part of its log was archived, and stopped. */
const earlier = new Workplace();
let workplace: Workplace;

beforeAll(async () => {
  const marketMaker = await earlier.start(ARCHIVING);
  await marketMaker.answering();
  await marketMaker.eventually(
    async () => {
      const { text } = await marketMaker.get('/health');
      const fills = metricIn((await marketMaker.get('/metrics')).text, FILLS) ?? 0;
      return fills > 0 && /"archivedThrough":[1-9]/.test(text);
    },
    { what: 'fills and an archive' },
  );
  expect(await marketMaker.end('SIGTERM')).toEqual({ code: 0, signal: null });
});
afterAll(() => earlier.clear());

beforeEach(() => {
  workplace = new Workplace();
});
afterEach(() => workplace.clear());

/** Goes on in a copy of what the earlier market maker left. */
function traded(): void {
  cpSync(earlier.path('data'), workplace.path('data'), { recursive: true });
}

function change(sql: string): void {
  const database = new DatabaseSync(workplace.path('data/events.db'));
  database.exec(`DELETE FROM snapshots; ${sql}`);
  database.close();
}

describe('a market maker whose events move to the archive', () => {
  it('goes on counting where it was, without snapshots too', async () => {
    traded();
    const before = await workplace.command('replay');
    change('');
    const again = await workplace.start({ ...ARCHIVING, exchange: { speed: 1 } });
    await again.answering();
    expect(await again.metric(FILLS)).toBe(metricIn(before, FILLS));
    expect(await again.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await workplace.command('verify')).toContain('is intact');
  });
});

describe('a market maker that is started on a damaged log', () => {
  const segments = (): string[] =>
    readdirSync(workplace.path('data/events.db.archive')).map((name) =>
      workplace.path(`data/events.db.archive/${name}`),
    );

  it.each([
    [
      'an event that is no JSON',
      () => change(`UPDATE events SET data = '{'`),
      /the event at position \d+ is broken/,
    ],
    [
      'an event of a newer release',
      () => change('UPDATE events SET version = 9'),
      /the event at position \d+ can't be understood: it is version 9/,
    ],
    [
      'a missing segment',
      () => segments().forEach((file) => rmSync(file)),
      /The archive segment .* \(positions 1 to \d+\) is missing\. Put it back/,
    ],
    [
      'a damaged segment',
      () => segments().forEach((file) => writeFileSync(file, 'no segment')),
      /The archive segment .* has 10 bytes and was written with \d+\. Restore it/,
    ],
  ])('says what is damaged and does not trade: %s', async (_, damage, message) => {
    traded();
    damage();
    const again = await workplace.start({ exchange: { speed: 600 } });
    expect(await again.ended()).toEqual({ code: 1, signal: null });
    expect(again.output).toMatch(message);
    expect(again.output).not.toContain('Resuming after');
  });

  it('goes on without an event that was set aside, and says which one', async () => {
    traded();
    change(`UPDATE events SET data = '{' WHERE position = (SELECT max(position) FROM events)`);
    const refused = await workplace.start();
    expect(await refused.ended()).toEqual({ code: 1, signal: null });
    expect(refused.output).toContain('npx opensqt verify --quarantine sets the event aside');
    const head = await workplace.command('verify', '--head');
    const printed = await workplace.command('verify', '--quarantine', '--against', head.trim());
    expect(printed).toMatch(/^1 event was set aside\. Lost .*\nposition \d+: \S+: its data is not JSON\n/);
    const again = await workplace.start({ ...ARCHIVING, exchange: { speed: 1 } });
    await again.answering();
    expect(await again.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await workplace.command('verify', '--against', head.trim())).toContain('1 of them set aside.');
  });

  it('refuses a file that is no log', async () => {
    mkdirSync(workplace.path('data'));
    writeFileSync(workplace.path('data/events.db'), 'position,id\n'.repeat(1_000));
    const marketMaker = await workplace.start();
    expect(await marketMaker.ended()).toEqual({ code: 1, signal: null });
    expect(marketMaker.output).toMatch(
      /could not be opened: it is damaged or no event log .* restore it from a backup/,
    );
  });
});
