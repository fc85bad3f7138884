import type { ChainPoint } from '../../engine/verify/verify-report';
import type { EventLog } from '../../event-log';
import { PostgresServer } from '../../testing/postgres-server';
import { positions, readAll, stops } from '../../testing/sample-events';
import { openPostgresEventLog } from '../open-postgres-event-log';
import { headOfPostgresLog, verifyPostgresLog } from '../verify/verify-postgres-log';
import { quarantinePostgresLog } from './quarantine-postgres-log';

const schema = 'aside';

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());
afterEach(() => change('DROP SCHEMA IF EXISTS aside CASCADE'));

const log = (): { url: string; schema: string } => ({ url: server.url, schema });
const change = (sql: string): Promise<unknown> => server.query(sql);
const open = (): Promise<EventLog> => openPostgresEventLog({ ...log(), leaseMs: 1_000 });

describe('an event that can not be read in PostgreSQL', () => {
  let firstHead: ChainPoint;
  let head: ChainPoint;

  beforeEach(async () => {
    const writer = await open();
    await writer.append(stops(5, 'A'));
    firstHead = await headOfPostgresLog(log());
    await writer.append(stops(5, 'B'));
    await writer.append(stops(5, 'C'));
    await writer.close();
    head = await headOfPostgresLog(log());
  });

  it.each([
    ['its data is not JSON', `data = '{"symbol"'`, /its data is not JSON/],
    ['its type is unknown', "type = 'order.amended'", /no event type 'order.amended'/],
    [
      'its version is beyond all numbers',
      'version = 9223372036854775807',
      /it is version 9223372036854776000/,
    ],
    ['its time is none', "occurred_at = 'NaN'", /occurredAt/],
    ['a field is of the wrong type', `data = '{"symbol":7,"reason":"x"}'`, /data.symbol is 7/],
  ])('is set aside once, with a log that is read and written after it: %s', async (_, set, reason) => {
    await change(`UPDATE aside.events SET ${set} WHERE position = 7`);
    expect((await verifyPostgresLog(log())).ok).toBe(false);
    const [stored] = (await change('SELECT * FROM aside.events WHERE position = 7')) as readonly object[];

    expect(await quarantinePostgresLog(log())).toEqual([
      { position: 7, eventType: expect.any(String), reason: expect.stringMatching(reason) },
    ]);
    expect(await quarantinePostgresLog(log())).toEqual([]);

    expect(await change('SELECT * FROM aside.quarantine')).toEqual([expect.objectContaining({ ...stored })]);
    expect(await headOfPostgresLog(log())).toEqual(head);
    for (const against of [firstHead, head]) {
      const report = await verifyPostgresLog({ ...log(), against });
      expect(report).toMatchObject({
        ok: true,
        position: 15,
        vouched: [
          { first: 1, last: 5 },
          { first: 11, last: 15 },
        ],
      });
      expect(report.checks.find(({ check }) => check === 'quarantine')).toMatchObject({
        looked: '1 set aside',
        findings: [{ severity: 'warning', message: expect.stringMatching(/^Position 7 .* was set aside: /) }],
      });
    }
    const writer = await open();
    await writer.append(stops(1, 'LATER'));
    const records = await readAll(writer);
    await writer.close();
    expect(records.map(({ position }) => position)).toEqual(positions(16));
    expect(records[6]?.event.type).toBe('event.quarantined');
  });

  it('is left where it is while a process writes', async () => {
    await change(`UPDATE aside.events SET data = '{' WHERE position = 7`);
    const writer = await open();
    await expect(quarantinePostgresLog(log())).rejects.toMatchObject({
      code: 'LOG_IN_USE',
      message: expect.stringMatching(/is being written by process \d+ on/),
    });
    await writer.close();
    expect(await quarantinePostgresLog(log())).toHaveLength(1);
  });
});
