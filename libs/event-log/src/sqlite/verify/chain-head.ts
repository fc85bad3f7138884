import type { DatabaseSync } from 'node:sqlite';
import type { RecordedChain } from '../../engine/verify/commit-checks';
import { CHAIN_START } from '../../engine/commit-checksum';
import { commitsOf, lastCommit } from '../commit-chain';
import { openForReading } from '../database';
import { realPath } from '../log-path';
import { versionOf } from '../schema';
import type { ChainPoint } from '../../engine/verify/verify-report';

/**
 * The end of a log's chain: its last position with a hash and that hash, to be kept elsewhere and given to `verifySqliteLog` later.
 *
 * @returns position 0 where no commit has a hash yet
 * @throws EventLogError (rejects) as opening the log does
 * @example
 * const { position, hash } = headOfSqliteLog('data/events.db');
 */
export function headOfSqliteLog(name: string): ChainPoint {
  const database = openForReading(realPath(name));
  try {
    database.exec('BEGIN');
    const { last, sha256 } = lastCommit(database, versionOf(database)) ?? { last: 0, sha256: CHAIN_START };
    return { position: last, hash: Buffer.from(sha256).toString('hex') };
  } finally {
    database.close();
  }
}

/** The chain that a log records. */
export function chainOf(database: DatabaseSync): RecordedChain {
  const known = "SELECT value FROM meta WHERE key = 'checksums_from'";
  const from = Number(database.prepare(known).get()?.['value'] ?? Infinity);
  return { from, commits: from === Infinity ? [].values() : commitsOf(database, versionOf(database)) };
}
