import type { Statement } from './connections';

/** Snapshots of a projection that are kept, besides the one that is being stored. */
const OLDER_SNAPSHOTS_KEPT = 1;

/** The statements on a log's tables. */
export type Statements = ReturnType<typeof statementsOn>;

/** @param schema quoted for SQL */
export function statementsOn(schema: string) {
  const events = `SELECT position, id, type, version, source, occurred_at, causation_id, data, committed_at
                    FROM ${schema}.events WHERE position BETWEEN $1 AND $2`;
  return {
    isLog: {
      name: 'is_log',
      text: `SELECT 1 FROM information_schema.tables
              WHERE table_schema = $1 AND table_name = 'meta'`,
    },
    schemaVersion: {
      name: 'schema_version',
      text: `SELECT value FROM ${schema}.meta WHERE key = 'schema_version'`,
    },
    durability: { name: 'durability', text: "SELECT current_setting('fsync') AS fsync" },
    append: {
      name: 'append',
      text: `SELECT before, stored FROM ${schema}.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    },
    last: { name: 'last', text: `SELECT position FROM ${schema}.head` },
    range: { name: 'range', text: `${events} ORDER BY position` },
    rangeOfTypes: { name: 'range_of_types', text: `${events} AND type = ANY ($3) ORDER BY position` },
    checkpoint: {
      name: 'checkpoint',
      text: `SELECT position FROM ${schema}.checkpoints WHERE consumer = $1`,
    },
    saveSnapshot: {
      name: 'save_snapshot',
      text: `WITH stored AS (
               INSERT INTO ${schema}.snapshots (projection, version, position, state, checksum) VALUES ($1, $2, $3, $4, $5)
             )
             DELETE FROM ${schema}.snapshots WHERE projection = $1 AND sequence NOT IN (
               SELECT sequence FROM ${schema}.snapshots WHERE projection = $1
                ORDER BY sequence DESC LIMIT ${OLDER_SNAPSHOTS_KEPT})`,
    },
    snapshots: {
      name: 'snapshots',
      text: `SELECT projection, version, position, state, checksum FROM ${schema}.snapshots
              WHERE projection = $1 ORDER BY sequence DESC`,
    },
    takeLease: {
      name: 'take_lease',
      text: `SELECT granted, token, owner, expires_ms, left_ms FROM ${schema}.take_lease($1, $2, $3)`,
    },
    renewLease: {
      name: 'renew_lease',
      text: `UPDATE ${schema}.leases SET expires_at = clock_timestamp() + $3 * interval '1 ms'
              WHERE name = $1 AND token = $2 AND expires_at > '-infinity' RETURNING token`,
    },
    releaseLease: {
      name: 'release_lease',
      text: `UPDATE ${schema}.leases SET expires_at = '-infinity' WHERE name = $1 AND token = $2`,
    },
  } satisfies Readonly<Record<string, Statement>>;
}
