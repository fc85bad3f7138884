import { type EventRow, faultOf } from '../../engine/event-codec';
import { type QuarantinedEvent, quarantinedEvent, replacementOf } from '../../engine/quarantine';
import { EventLogError } from '../../event-log';
import type { Run } from '../connections';
import { type PostgresDatabase, openForReading } from '../database';
import { readAddress } from '../postgres-address';
import { writeFailed } from '../postgres-failure';
import { SCHEMA_VERSION } from '../schema';
import type { PostgresLogToVerify } from '../verify/verify-postgres-log';

/** Positions that are read at a time. */
const CHUNK = 2_000;

export interface QuarantinePostgresOptions extends PostgresLogToVerify {
  /** Called as events have been looked at. */
  readonly onProgress?: ((looked: number, total: number) => void) | undefined;
}

type Row<Type> = Type & Readonly<Record<string, unknown>>;

/** As `with-postgres.ts` says. */
export async function quarantinePostgresLog(
  options: QuarantinePostgresOptions,
): Promise<readonly QuarantinedEvent[]> {
  const address = readAddress(options.url, options.schema ?? 'opensqt');
  const database = await openForReading(address, { bot: 'opensqt' });
  try {
    return await database.connections.transaction((run) => setAside(run, database, options));
  } catch (error) {
    throw error instanceof EventLogError ? error : writeFailed(address.name, error);
  } finally {
    await database.connections.close();
  }
}

async function setAside(
  run: Run,
  { statements, address }: PostgresDatabase,
  { onProgress }: QuarantinePostgresOptions,
): Promise<readonly QuarantinedEvent[]> {
  await run(statements.lockHead); // nobody commits, or takes a writer's name, until this is done
  const [version] = await run<Row<{ value: string }>>(statements.schemaVersion);
  if (Number(version?.value) !== SCHEMA_VERSION) throw notToday(address.name);
  const [writer] = await run<Row<{ owner: string }>>(statements.livingWriter);
  if (writer !== undefined) throw inUse(address.name, writer.owner);
  const [ends] = await run<Row<{ first: number | null; last: number | null }>>(statements.ends);
  const last = ends?.last ?? 0;
  const found: QuarantinedEvent[] = [];
  let before: EventRow | undefined;
  for (let from = ends?.first ?? 1; from <= last; from += CHUNK) {
    const to = Math.min(last, from + CHUNK - 1);
    for (const row of await run<Row<EventRow>>(statements.range, [from, to])) {
      const reason = faultOf(row);
      if (reason !== undefined) {
        if (found.length === 0) await run(statements.quarantineTable);
        found.push(quarantinedEvent({ row, reason }));
      }
      before = reason === undefined ? row : replacementOf(row, reason, before);
      if (reason === undefined) continue;
      const { position, id, type, version: of, source, occurred_at, causation_id, data } = before;
      await run(statements.quarantine, [position, reason]);
      const envelope = [position, id, type, of, source, occurred_at, causation_id, data];
      await run(statements.replace, [...envelope, before.committed_at, before.bot, before.writer]);
      await run(statements.learnId, [id]);
    }
    onProgress?.(to, last);
  }
  return found;
}

function notToday(log: string): EventLogError {
  const message = `${log} has tables of an earlier release. Start the market maker once: that brings them up to date, whether it can read the events or not.`;
  return new EventLogError('LOG_UNSUPPORTED', message);
}

function inUse(log: string, owner: string): EventLogError {
  const message = `${log} is being written by ${owner}. Stop every process that writes to it first; one that was killed is forgotten within five seconds.`;
  return new EventLogError('LOG_IN_USE', message);
}
