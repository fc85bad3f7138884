import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type LogRecord, openSqliteEventLog } from '@opensqt/event-log';
import {
  alertsProjection,
  healthProjection,
  metricsProjection,
  ProjectedState,
} from '@opensqt/observability/replay';
import { EVENT_CATALOGUE, type WrittenEvent, parseEvent } from '@opensqt/trading-events';

const GOLDEN = join(__dirname, '../../../libs/trading-events/golden');

let folder: string;
let records: readonly LogRecord[];
let written: readonly WrittenEvent[];

/** A log that holds every version of every event ever written, put there as the release of that time did. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-golden-'));
  const path = join(folder, 'events.db');
  const files = (await readdir(GOLDEN, { recursive: true })).filter((file) => file.endsWith('.jsonl'));
  const lines = await Promise.all(files.toSorted().map((file) => readFile(join(GOLDEN, file), 'utf8')));
  written = lines.flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as WrittenEvent),
  );
  await (await openSqliteEventLog({ path })).close();
  const database = new DatabaseSync(path);
  const insert = database.prepare(
    `INSERT INTO events (position, id, type, version, source, occurred_at, causation_id, data, committed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)`,
  );
  written.forEach(({ id, type, version, source, occurredAt, causationId, data }, i) =>
    insert.run(i + 1, id, type, version, source, occurredAt, causationId ?? null, JSON.stringify(data)),
  );
  database.close();
  const log = await openSqliteEventLog({ path, readOnly: true });
  const read: LogRecord[] = [];
  for await (const chunk of log.read()) read.push(...chunk);
  await log.close();
  records = read;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a log of every version ever written', () => {
  it('is read at the versions of today', () => {
    expect(records.map(({ event }) => event.id)).toEqual(written.map(({ id }) => id));
    for (const { event } of records) {
      expect(event.version).toBe(EVENT_CATALOGUE[event.type].version);
      expect(parseEvent(event)).toEqual(event);
    }
  });

  it('is folded by every projection, and changes each', () => {
    const metrics = ProjectedState.of(metricsProjection);
    const health = ProjectedState.of(healthProjection);
    const alerts = ProjectedState.of(alertsProjection);
    for (const projected of [metrics, health, alerts]) {
      for (const { event } of records) projected.apply(event);
    }
    expect(metrics.current).not.toEqual(metricsProjection.initial());
    expect(health.current).not.toEqual(healthProjection.initial());
    expect(alerts.current).not.toEqual(alertsProjection.initial());
  });
});
