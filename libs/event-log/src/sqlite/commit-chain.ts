import type { DatabaseSync } from 'node:sqlite';
import { CHAIN_START, type RecordedCommit, chained } from '../engine/commit-checksum';

/** Commits that are read at a time. */
const CHUNK = 10_000;
/** The first version of the schema that records commits. */
const COMMITS_FROM = 5;
/** The first version of the schema whose hashes are chained. */
const CHAINED_FROM = 7;

/** Gives the hash of the last commit, each time that it is called. */
export function chainEndOf(database: DatabaseSync): () => Uint8Array {
  const select = database.prepare('SELECT sha256 FROM commits ORDER BY first DESC LIMIT 1');
  return () => (select.get()?.['sha256'] as Uint8Array | undefined) ?? CHAIN_START;
}

/** The last commit; undefined where none was recorded. */
export function lastCommit(database: DatabaseSync, version: number): RecordedCommit | undefined {
  if (version < COMMITS_FROM) return undefined;
  let last: RecordedCommit | undefined;
  if (version < CHAINED_FROM) {
    for (const commit of commitsOf(database, version)) last = commit;
    return last;
  }
  const select = 'SELECT first, last, sha256 FROM commits ORDER BY first DESC LIMIT 1';
  return database.prepare(select).get() as unknown as RecordedCommit | undefined;
}

/** The commits in order. Those of a log whose hashes are not chained yet, as its next writer will chain them. */
export function* commitsOf(database: DatabaseSync, version: number): Generator<RecordedCommit, undefined> {
  const select = database.prepare(
    'SELECT first, last, sha256 FROM commits WHERE first > ? ORDER BY first LIMIT ?',
  );
  let before = CHAIN_START;
  let after = -1;
  for (;;) {
    const rows = select.all(after, CHUNK) as unknown as readonly RecordedCommit[];
    for (const row of rows) {
      const commit = version < CHAINED_FROM ? { ...row, sha256: chained(before, row.sha256) } : row;
      yield commit;
      before = commit.sha256;
      after = commit.first;
    }
    if (rows.length < CHUNK) return undefined;
  }
}

/** Chains the hashes of a log of that version, within the transaction that brings it up to date. */
export function chainCommits(database: DatabaseSync, version: number): void {
  if (version >= CHAINED_FROM) return;
  const update = database.prepare('UPDATE commits SET sha256 = ? WHERE first = ?');
  for (const { first, sha256 } of commitsOf(database, version)) update.run(sha256, first);
}
