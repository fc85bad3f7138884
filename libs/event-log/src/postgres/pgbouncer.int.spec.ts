import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog } from '../event-log';
import { describeEventLogContract } from '../testing/contract/event-log.contract';
import type { LogToOpen } from '../testing/contract/event-log-backend';
import { PgBouncer } from '../testing/pgbouncer';
import { PostgresServer } from '../testing/postgres-server';
import { positions, readAll, stops } from '../testing/sample-events';
import { openPostgresEventLog } from './open-postgres-event-log';

const [suite, where] = PgBouncer.isInstalled()
  ? [describe, '']
  : [describe.skip, ' (skipped: it is not installed; Debian: apt-get install -y pgbouncer)'];

suite(`through pgbouncer in transaction mode${where}`, () => {
  const schemaOf = new WeakMap<object, string>();
  let server: PostgresServer;
  let bouncer: PgBouncer;
  let schemas = 0;

  beforeAll(async () => {
    server = await PostgresServer.start();
    bouncer = await PgBouncer.before(server.url);
  });

  afterAll(async () => {
    await bouncer.close();
    await server.remove();
  });

  async function openIn(schema: string, options: LogToOpen & { readOnly?: boolean } = {}): Promise<EventLog> {
    const log = await openPostgresEventLog({ ...options, url: bouncer.url, schema });
    schemaOf.set(log, schema);
    return log;
  }

  describeEventLogContract('postgres', {
    open: (options) => openIn(`log_${(schemas += 1)}`, options),
    reopen: async (log, options) => {
      await log.close();
      return openIn(schemaOf.get(log) ?? '', options);
    },
    share: (log, options) => openIn(schemaOf.get(log) ?? '', options),
  });

  it('several processes share one line of positions, and readers see each record once and in order', async () => {
    const writers = await Promise.all([1, 2, 3, 4].map((n) => openIn('shared', { writer: `mm-${n}` })));
    const reader = await openIn('shared', { readOnly: true });
    const seen: number[] = [];
    reader.subscribe(1, (records) => void seen.push(...records.map(({ position }) => position)));
    for (let round = 0; round < 20; round++) {
      const appends = writers.flatMap((log, n) =>
        stops(10, `W${n}R${round}-`).map((event) => log.append([event])),
      );
      await Promise.all(appends);
    }
    expect((await readAll(reader)).map(({ position }) => position)).toEqual(positions(800));
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(800));
    expect(seen).toEqual(positions(800));
    await Promise.all([...writers, reader].map((log) => log.close()));
  });
});
