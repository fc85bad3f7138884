import { existsSync, realpathSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventLog, openSqliteEventLog } from '@opensqt/event-log';
import { EVENT_TYPES, type AnyEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { type ToolResult, runTool, startTool } from '../testing/run-tool';

let folder: string;
let path: string;
let log: EventLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-events-'));
  path = join(folder, 'events.db');
  log = await openSqliteEventLog({ path });
});

afterEach(async () => {
  await log.close();
  await rm(folder, { recursive: true, force: true });
});

const start = (...args: readonly string[]) => startTool('events', folder, args);
const events = (...args: readonly string[]): Promise<ToolResult> => runTool('events', folder, args);

const started = createEvent('symbol.started', { symbol: 'BTCUSDT', exchange: 'paper', strategy: 'grid' });
const stopped = createEvent(
  'symbol.stopped',
  { symbol: 'BTCUSDT', reason: 'operator' },
  { causationId: started.id, occurredAt: 1_700_000_000_000 },
);

function parsed(stdout: string): readonly unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

describe('the events command', () => {
  it('writes nothing raw that steers a terminal, whatever is in the log or typed', async () => {
    const hostile = 'reset\u001b[2J\u009b31m\u202e\u2066\u0007\u0085\u007f';
    const lost = { exchange: 'paper', stream: 'market', reason: hostile, reconnecting: true } as const;
    await log.append([createEvent('exchange.disconnected', lost)]);
    const { stdout } = await events('--log', path);
    expect(parsed(stdout)).toMatchObject([{ data: { reason: hostile } }]);
    const { status, stderr } = await events('--log', path, `--${hostile}`);
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('\\u001b[2J') });
    const raw = /(?!\n)[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
    for (const written of [stdout, stderr]) expect(written).not.toMatch(raw);
  });

  it('prints the envelope and the position in one flat object a line, beside the writer', async () => {
    await log.append([started, stopped]);
    const { status, stdout, stderr } = await events('--log', path);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(parsed(stdout)).toStrictEqual([
      { position: 1, ...started },
      { position: 2, ...stopped },
    ]);
    expect(stdout).toMatch(/^\{"position":1,"id":"[^"]+","type":"symbol.started","version":1,"source":/);
  });

  it('prints only the positions and the types that are asked for', async () => {
    await log.append([started, stopped, { ...started, id: 'third' }, { ...stopped, id: 'fourth' }]);
    const range = await events('--log', path, '--from', '2', '--to', '3');
    expect(parsed(range.stdout)).toMatchObject([{ position: 2 }, { position: 3 }]);
    const typed = await events('--log', path, '--type', 'symbol.stopped', '--type', 'order.filled');
    expect(parsed(typed.stdout)).toMatchObject([{ position: 2 }, { position: 4 }]);
  });

  it('names the bot where several are on the log, and prints only the ones that are asked for', async () => {
    await log.append([started]);
    await log.close();
    log = await openSqliteEventLog({ path, bot: 'mm-2' });
    await log.append([stopped]);
    const all = await events('--log', path);
    expect(parsed(all.stdout)).toMatchObject([
      { position: 1, bot: 'opensqt' },
      { position: 2, bot: 'mm-2' },
    ]);
    const one = await events('--log', path, '--bot', 'mm-2');
    expect(parsed(one.stdout)).toStrictEqual([{ position: 2, bot: 'mm-2', ...stopped }]);
    expect(await events('--log', path, '--bot', 'mm-3')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('The bot mm-3 is not on this log. It knows opensqt, mm-2.'),
    });
  });

  it('prints only the symbols and the times that are asked for, from the archive too', async () => {
    const day = (hour: number): number => Date.UTC(2026, 0, 31, hour);
    const at = ['BTCUSDT', 'ETHUSDT', 'BTCUSDT'].map((symbol, i) =>
      createEvent('symbol.stopped', { symbol, reason: 'operator' }, { occurredAt: day(i) }),
    );
    await log.close();
    log = await openSqliteEventLog({ path, retention: { maxAge: 0 } });
    await log.append([...at, started]);
    await eventually(() => expect(log.status().storage?.archivedThrough).toBe(3));
    const symbol = await events('--log', path, '--symbol', 'BTCUSDT', '--type', 'symbol.stopped');
    expect(parsed(symbol.stdout)).toMatchObject([{ position: 1 }, { position: 3 }]);
    const times = await events('--log', path, '--since', '2026-01-31T01:00', '--until', String(day(2)));
    expect(parsed(times.stdout)).toMatchObject([{ position: 2 }]);
    const zoned = await events('--log', path, '--until', '2026-01-31T02:00:00.000+01:00');
    expect(parsed(zoned.stdout)).toMatchObject([{ position: 1 }]);
  });

  it('reads data/events.db unless another log is named, and says so when it is not there, without making it', async () => {
    const { status, stdout, stderr } = await events();
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      `events: There is no event log at ${join(realpathSync(folder), 'data/events.db')}. Check the path, or start what writes it first.\n`,
    );
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it.each([
    [['--type', 'order.filed'], "There is no event type 'order.filed'. Did you mean 'order.filled'?"],
    [['--from', '0'], "--from must be a position in the log, a whole number from 1, found '0'."],
    [['--to', '1e3'], "--to must be a position in the log, a whole number from 1, found '1e3'."],
    [['--since', 'yesterday'], '--since must be an ISO 8601 time such as'],
    [['--until', '2026-02-30T00:00:61Z'], '--until must be an ISO 8601 time such as'],
    [['--follow', '--to', '3'], '--follow has no end: leave out --to.'],
    [['--schema', 'x'], '--schema is for a log in a database: a file has none.'],
    [['--tpye', 'x'], "There is no option '--tpye'. Did you mean '--type'?"],
    [['extra'], "Unexpected argument 'extra'"],
  ])('refuses %j with status 2 and a sentence', async (args, sentence) => {
    const { status, stdout, stderr } = await events('--log', path, ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`events: ${sentence}`);
    expect(stderr).toContain('npm run -s events -- --help');
  });

  it('explains itself', async () => {
    const { status, stdout } = await events('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: npm run -s events -- [options]');
    for (const type of EVENT_TYPES) expect(stdout).toContain(type);
  });

  it('prints a log that is larger than any buffer', async () => {
    await log.append(many(20_000));
    const { status, stdout } = await events('--log', path);
    expect(status).toBe(0);
    expect(parsed(stdout).map((line) => (line as { position: number }).position)).toEqual(
      Array.from({ length: 20_000 }, (_, i) => i + 1),
    );
  });

  it('ends quietly when its reader goes away', async () => {
    await log.append(many(20_000));
    const child = start('--log', path);
    child.closeOutput(['stdout']);
    expect({ ...(await child.ended()), stderr: child.stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  });

  it('follows the log until it is interrupted', async () => {
    await log.append([started]);
    const child = start('--log', path, '--follow', '--type', 'symbol.stopped');
    await log.append([stopped]);
    await child.printed('\n');
    expect(await child.end('SIGINT')).toEqual({ code: 0, signal: null });
    expect(parsed(child.stdout)).toMatchObject([{ position: 2, type: 'symbol.stopped' }]);
  });
});

function many(count: number): readonly AnyEvent[] {
  return Array.from({ length: count }, (_, i) => ({ ...stopped, id: `event-${i}` }));
}
