import { setImmediate as turn } from 'node:timers/promises';
import { CHAIN_START } from '../../engine/commit-checksum';
import { messageOf } from '../../engine/diagnosis';
import type { EventRow } from '../../engine/event-codec';
import type { QuarantinedRow } from '../../engine/quarantine';
import { CommitChecks } from '../../engine/verify/commit-checks';
import { checkCheckpoints, checkSnapshots } from '../../engine/verify/progress-checks';
import { RowChecks } from '../../engine/verify/row-checks';
import {
  type ChainPoint,
  type CheckResult,
  Findings,
  type VerifyReport,
} from '../../engine/verify/verify-report';
import type { Checkpoint, Snapshot } from '../../event-log';
import type { Run } from '../connections';
import { type PostgresDatabase, openForReading } from '../database';
import { readAddress } from '../postgres-address';
import { unreadable } from '../postgres-failure';
import { RecordedCommits } from './recorded-commits';

const CHUNK = 2_000;
/** Rows of several statements are those of one moment. */
const ONE_MOMENT = 'ISOLATION LEVEL REPEATABLE READ, READ ONLY';

/** A log in PostgreSQL that is to be looked at. */
export interface PostgresLogToVerify {
  /** postgres://user:password@host:port/database; a secret. */
  readonly url: string;
  /** The schema that holds the log's tables. @default 'opensqt' */
  readonly schema?: string | undefined;
}

export interface VerifyPostgresOptions extends PostgresLogToVerify {
  /** A position and its hash, as {@link headOfPostgresLog} gave them before. */
  readonly against?: ChainPoint | undefined;
  /** Called as events have been checked. */
  readonly onProgress?: ((checked: number, total: number) => void) | undefined;
}

/** As `with-postgres.ts` says. */
export async function verifyPostgresLog(options: VerifyPostgresOptions): Promise<VerifyReport> {
  const found = new Findings('database');
  let log = 'The event log in PostgreSQL';
  try {
    const { name } = readAddress(options.url, options.schema ?? 'opensqt');
    log = name;
    return await atOneMoment(options, (run, database) => verify(run, database, options));
  } catch (error) {
    found.error(messageOf(error));
    return { log, ok: false, first: 1, position: 0, checks: [found.result('not readable')], vouched: [] };
  }
}

/** As `with-postgres.ts` says. */
export function headOfPostgresLog(log: PostgresLogToVerify): Promise<ChainPoint> {
  return atOneMoment(log, async (run, { statements }) => {
    const [known] = await run(statements.checksumsFrom);
    const [end] = known === undefined ? [] : await run<ChainEnd>(statements.lastCommit);
    const { last, sha256 } = end ?? { last: 0, sha256: CHAIN_START };
    return { position: last, hash: Buffer.from(sha256).toString('hex') };
  });
}

interface ChainEnd extends Readonly<Record<string, unknown>> {
  readonly last: number;
  readonly sha256: Uint8Array;
}

type Row<Type> = Type & Readonly<Record<string, unknown>>;

async function atOneMoment<Result>(
  { url, schema = 'opensqt' }: PostgresLogToVerify,
  work: (run: Run, database: PostgresDatabase) => Promise<Result>,
): Promise<Result> {
  const address = readAddress(url, schema);
  const database = await openForReading(address, { bot: 'opensqt' });
  try {
    return await database.connections.transaction((run) => work(run, database), ONE_MOMENT);
  } catch (error) {
    throw unreadable(address.name, 'read', error);
  } finally {
    await database.connections.close();
  }
}

async function verify(
  run: Run,
  { statements, address }: PostgresDatabase,
  { against, onProgress }: VerifyPostgresOptions,
): Promise<VerifyReport> {
  await run(statements.forOneMoment);
  const [ends] = await run<Row<{ first: number; last: number; sha256_before: Uint8Array | null }>>(
    statements.ends,
  );
  const [newest] = await run<Row<{ position: number | null }>>(statements.lastEvent);
  const first = ends?.first ?? 1;
  const position = Math.max(ends?.last ?? 0, newest?.position ?? 0);
  const [known] = await run<Row<{ value: string }>>(statements.checksumsFrom);
  const recorded = new RecordedCommits(run, statements, first);
  if (known !== undefined) await recorded.reach(first);
  const from = Math.max(first, Number(known?.value ?? Infinity));
  const before = ends?.sha256_before ?? undefined;
  const commits = new CommitChecks({ from, before, commits: recorded }, against);
  const bots = (await run<Row<{ name: string }>>(statements.bots)).map(({ name }) => name);
  const aside = await quarantinedRows(run, statements, address.schema.slice(1, -1), first);
  const rows = new RowChecks({ holds: () => false }, bots, commits, aside, first);
  for (let from = first; from <= position; from += CHUNK) {
    const to = Math.min(position, from + CHUNK - 1);
    if (known !== undefined) await recorded.reach(to);
    rows.check(await run<Row<EventRow>>(statements.range, [from, to]), 'live');
    for (const unknown of await run<Row<{ position: number; id: string }>>(statements.unknownIds, [from, to]))
      rows.ids.error(
        `The event at position ${unknown.position} has the unknown id ${unknown.id}: it would count as new if it were stated again.`,
      );
    onProgress?.(to, position);
    await turn();
  }
  if (known !== undefined) await recorded.reach(Infinity);
  rows.end(position);

  const checkpoints = new Findings('checkpoints');
  const consumers = await run<Row<Checkpoint>>(statements.allCheckpoints);
  const snapshots = new Findings('snapshots');
  const kept = await run<Row<Snapshot>>(statements.allSnapshots);
  const checks: readonly (readonly [Findings, string])[] = [
    [rows.positions, `${first} to ${position}`],
    [rows.events, `${rows.checked} events`],
    [rows.quarantine, `${aside.size} set aside`],
    [rows.ids, `${rows.checked} ids`],
    [rows.bots, bots.length === 0 ? 'none' : bots.join(', ')],
    [checkpoints, checkCheckpoints(consumers, position, checkpoints)],
    [snapshots, checkSnapshots(kept, position, snapshots)],
    [commits.findings, commits.end(first, position)],
  ];
  const results: readonly CheckResult[] = checks.map(([findings, looked]) => findings.result(looked));
  const ok = !checks.some(([{ hasErrors }]) => hasErrors);
  const log = address.name.replace(/,$/, '');
  return { log, ok, first, position, checks: results, vouched: commits.vouched };
}

/** The rows that were set aside from that position on, by position: retention may have dropped others. The table is made when it is needed. */
async function quarantinedRows(
  run: Run,
  { hasQuarantine, quarantined }: PostgresDatabase['statements'],
  schema: string,
  first: number,
): Promise<ReadonlyMap<number, QuarantinedRow>> {
  const { length } = await run(hasQuarantine, [schema]);
  const rows = length === 0 ? [] : await run<Row<EventRow & { reason: string }>>(quarantined, [first]);
  return new Map(rows.map(({ reason, ...row }) => [row.position, { row, reason }]));
}
