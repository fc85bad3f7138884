import { createEvent } from '@opensqt/trading-events';
import type { VerifyReport } from '../../engine/verify/verify-report';
import type { EventLog } from '../../event-log';
import { CuttingProxy } from '../../testing/cutting-proxy';
import { PostgresServer } from '../../testing/postgres-server';
import { stops } from '../../testing/sample-events';
import { openPostgresEventLog } from '../open-postgres-event-log';
import { headOfPostgresLog, verifyPostgresLog } from './verify-postgres-log';

let server: PostgresServer;
let schema: string;
let schemas = 0;
const opened = new Set<EventLog>();

beforeAll(async () => {
  server = await PostgresServer.start();
});

beforeEach(async () => {
  schemas += 1;
  schema = `chain_${schemas}`;
  const log = await open('first');
  for (let i = 0; i < 3; i++) await log.append(stops(500, `SYM${i}-`));
});

afterEach(closeAll);
afterAll(() => server.remove());

async function closeAll(): Promise<void> {
  for (const log of opened) await log.close();
  opened.clear();
}

async function open(writer: string, url = server.url): Promise<EventLog> {
  const log = await openPostgresEventLog({ url, schema, writer });
  opened.add(log);
  return log;
}

const log = (): { url: string; schema: string } => ({ url: server.url, schema });

function errorsIn({ checks }: VerifyReport): readonly string[] {
  return checks.flatMap(({ check, findings }) => findings.map(({ message }) => `${check}: ${message}`));
}

function change(sql: string): Promise<unknown> {
  return server.query(sql.replaceAll('@', `${schema}.`));
}

describe('the chain of commits in PostgreSQL', () => {
  it('vouches for all that several processes wrote at the same time, whatever the texts and times', async () => {
    const writers = [await open('a'), await open('b')];
    const odd = (n: number, writer: number) =>
      createEvent(
        'symbol.stopped',
        { symbol: `É${n}📈`, reason: 'operator' },
        { occurredAt: 1_700_000_000_000 + n / 7 + writer / 3 },
      );
    await Promise.all(
      writers.map(async (writer, w) => {
        for (let n = 0; n < 40; n++) await writer.append([odd(n, w), ...stops(5, `W${w}-${n}-`)]);
      }),
    );
    const report = await verifyPostgresLog(log());
    expect(errorsIn(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, position: 1_980, vouched: [{ first: 1, last: 1_980 }] });
  });

  it('stays whole over repeats, empty commits, answers that are lost and leases', async () => {
    const proxy = await CuttingProxy.before(server.url);
    const cut = await open('cut', proxy.url);
    const known = stops(10, 'KNOWN-');
    await cut.append(known);
    for (let round = 0; round < 3; round++) {
      proxy.cutAnswerTo('.append(');
      await cut.append([...known.slice(0, round * 5), ...stops(4, `CUT${round}-`)]);
    }
    await cut.append(known);
    await cut.saveCheckpoint({ consumer: 'alerts', position: 5 });
    await (await cut.lease('alerts')).append(stops(2, 'LEASE-'));
    expect(proxy.cuts).toBe(3);
    const report = await verifyPostgresLog(log());
    expect(errorsIn(report)).toEqual([]);
    expect(report.vouched).toEqual([{ first: 1, last: 1_524 }]);
    await closeAll();
    await proxy.close();
  });

  it('names the first position of what was changed, and vouches for the rest', async () => {
    await change(`UPDATE @events SET data = replace(data, 'operator', 'nobody') WHERE position = 600`);
    const report = await verifyPostgresLog(log());
    expect(errorsIn(report)).toEqual([
      expect.stringContaining('commits: An event at the positions 501 to 1000'),
    ]);
    expect(report).toMatchObject({
      ok: false,
      vouched: [
        { first: 1, last: 500 },
        { first: 1_001, last: 1_500 },
      ],
    });
  });

  it('names what was removed, also from the end, and what was put in', async () => {
    await change(`DELETE FROM @events WHERE position IN (3, 1500)`);
    const removed = errorsIn(await verifyPostgresLog(log()));
    expect(removed).toEqual(['positions: Position 3 is missing.', 'positions: Position 1500 is missing.']);
    await change(`INSERT INTO @events SELECT 1501, 'other', type, version, source, occurred_at, causation_id, data,
                    committed_at, bot, writer FROM @events WHERE position = 1`);
    expect(errorsIn(await verifyPostgresLog(log())).at(-1)).toContain(
      'Positions 1501 to 1501 are of no commit',
    );
  });

  it('compares with a head that was noted before', async () => {
    const head = await headOfPostgresLog(log());
    expect(head).toEqual({ position: 1_500, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await (await open('later')).append(stops(7, 'LATER-'));
    expect(await verifyPostgresLog({ ...log(), against: head })).toMatchObject({ ok: true, position: 1_507 });
    const other = await verifyPostgresLog({ ...log(), against: { ...head, hash: 'a'.repeat(64) } });
    expect(errorsIn(other)).toEqual([expect.stringContaining('The hash at position 1500 is another one')]);
  });

  it('is not left behind by an append of an earlier release that is under way as the tables change', async () => {
    await expect(change('UPDATE @head SET position = position + 1')).rejects.toThrow(
      /violates check constraint/,
    );
  });

  it('reports a server that is away', async () => {
    const report = await verifyPostgresLog({ url: 'postgres://u:secret@127.0.0.1:1/d' });
    expect(report.ok).toBe(false);
    expect(errorsIn(report).join()).toMatch(/could not be opened: the server can't be reached/);
    expect(JSON.stringify(report)).not.toContain('secret');
  });
});
