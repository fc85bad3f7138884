import { SNAPSHOTS_KEPT } from '../engine/log-store';
import { idKey } from './partitions';
import { PARTITIONED_FROM } from './schema';

/** The statement that stores one does not see it yet. */
const OLDER_SNAPSHOTS_KEPT = SNAPSHOTS_KEPT - 1;

/** The statements on a log's tables. */
export type Statements = ReturnType<typeof statementsOn>;

/**
 * Texts, and not prepared under names: a pooler may give each of them another connection of the server.
 *
 * @param schema quoted for SQL
 * @param tables their version, since a reader must not change them; and the bot, quoted for SQL, that those of version 1 are of
 */
export function statementsOn(
  schema: string,
  { version, bot: oldBot }: { readonly version: number; readonly bot: string },
) {
  const old = version === 1;
  const begins =
    version < PARTITIONED_FROM ? '1::bigint AS first, NULL::bytea AS sha256_before' : 'first, sha256_before';
  const idIsKnown =
    version < PARTITIONED_FROM
      ? 'true'
      : `EXISTS (SELECT FROM ${schema}.ids WHERE ids.id = ${idKey('events.id')})`;
  const events = `SELECT position, id, type, version, source, occurred_at, causation_id, data, committed_at,
                         ${old ? 'NULL AS bot, NULL AS writer' : 'bot, writer'}
                    FROM ${schema}.events WHERE position BETWEEN $1 AND $2`;
  const columns =
    'position, id, type, version, source, occurred_at, causation_id, data, committed_at, bot, writer';
  const ofBot = old ? `$1 = ${oldBot}` : 'bot = $1';
  return {
    isLog: `SELECT 1 FROM information_schema.tables
              WHERE table_schema = $1 AND table_name = 'meta'`,
    schemaVersion: `SELECT value FROM ${schema}.meta WHERE key = 'schema_version'`,
    settings: "SELECT current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding",
    append: `SELECT before, stored FROM ${schema}.append(
               $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    ends: `SELECT ${begins}, position AS last FROM ${schema}.head`,
    range: `${events} ORDER BY position`,
    rangeOfTypes: `${events} AND type = ANY ($3) ORDER BY position`,
    checksumsFrom: `SELECT value FROM ${schema}.meta WHERE key = 'checksums_from'`,
    commits: `SELECT first, last, sha256 FROM ${schema}.commits WHERE first > $1 ORDER BY first LIMIT $2`,
    lastCommit: `SELECT last, sha256 FROM ${schema}.commits ORDER BY first DESC LIMIT 1`,
    allCheckpoints: `SELECT consumer, position FROM ${schema}.checkpoints`,
    allSnapshots: `SELECT projection, version, position, state, checksum FROM ${schema}.snapshots`,
    lockHead: `SELECT position FROM ${schema}.head FOR UPDATE`,
    livingWriter: `SELECT owner FROM ${schema}.leases
              WHERE name LIKE 'writer %' AND expires_at > clock_timestamp() LIMIT 1`,
    hasQuarantine: "SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = 'quarantine'",
    quarantineTable: `CREATE TABLE IF NOT EXISTS ${schema}.quarantine (
               LIKE ${schema}.events, reason text NOT NULL, set_aside_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (position))`,
    quarantine: `INSERT INTO ${schema}.quarantine (${columns}, reason)
             SELECT ${columns}, $2 FROM ${schema}.events WHERE position = $1 ON CONFLICT (position) DO NOTHING`,
    quarantined: `SELECT ${columns}, reason FROM ${schema}.quarantine WHERE position >= $1 ORDER BY position`,
    replace: `UPDATE ${schema}.events SET id = $2, type = $3, version = $4, source = $5, occurred_at = $6, causation_id = $7,
                     data = $8, committed_at = $9, bot = $10, writer = $11 WHERE position = $1`,
    learnId: `INSERT INTO ${schema}.ids VALUES (${idKey('$1')}) ON CONFLICT DO NOTHING`,
    lastEvent: `SELECT max(position) AS position FROM ${schema}.events`,
    forOneMoment: `LOCK TABLE ${schema}.events IN ACCESS SHARE MODE`,
    oldestPartition: `SELECT oldest.first, oldest.last, coalesce(ended.committed_at, 0) AS committed_at, head.position AS end, held.bot, held.consumer, held.position AS reached,
                 (SELECT sum(pg_total_relation_size(inhrelid))::bigint FROM pg_inherits
                   WHERE inhparent = '${schema}.events'::regclass) AS bytes,
                 coalesce(pg_total_relation_size(to_regclass('${schema}.events_' || oldest.first)), 0) AS oldest_bytes,
                 (SELECT value::bigint FROM ${schema}.meta WHERE key = 'partition_events') AS partition_events
               FROM (SELECT * FROM ${schema}.partitions ORDER BY first LIMIT 1) AS oldest
               JOIN ${schema}.head ON oldest.last < head.position
               LEFT JOIN ${schema}.events AS ended ON ended.position = oldest.last
               LEFT JOIN (SELECT * FROM ${schema}.checkpoints ORDER BY position LIMIT 1) AS held ON true`,
    dropPartition: `SELECT ${schema}.drop_partition($1) AS dropped`,
    dropCommits: `DELETE FROM ${schema}.commits WHERE first IN (
               SELECT first FROM ${schema}.commits WHERE first < (SELECT head.first FROM ${schema}.head) ORDER BY first LIMIT $1
             ) RETURNING first`,
    unknownIds: `SELECT position, id FROM ${schema}.events WHERE position BETWEEN $1 AND $2 AND NOT ${idIsKnown} ORDER BY position`,
    checkpoint: `SELECT position FROM ${schema}.checkpoints WHERE ${ofBot} AND consumer = $2`,
    saveSnapshot: `WITH stored AS (
               INSERT INTO ${schema}.snapshots (bot, projection, version, position, state, checksum)
               VALUES ($1, $2, $3, $4, $5, $6)
             )
             DELETE FROM ${schema}.snapshots WHERE bot = $1 AND projection = $2 AND sequence NOT IN (
               SELECT sequence FROM ${schema}.snapshots WHERE bot = $1 AND projection = $2
                 ORDER BY sequence DESC LIMIT ${OLDER_SNAPSHOTS_KEPT}
              ) AND sequence NOT IN (
                SELECT min(sequence) FROM ${schema}.snapshots
                 WHERE bot = $1 AND projection = $2 AND version = $3 AND $7::bigint IS NOT NULL
                 GROUP BY position / $7::bigint)`,
    snapshots: `SELECT projection, version, position, state, checksum FROM ${schema}.snapshots
              WHERE ${ofBot} AND projection = $2 AND position <= $3 ORDER BY sequence DESC LIMIT ${SNAPSHOTS_KEPT}`,
    bots: old ? `SELECT ${oldBot} AS name` : `SELECT name FROM ${schema}.bots ORDER BY sequence`,
    registerBot: `INSERT INTO ${schema}.bots (name) VALUES ($1) ON CONFLICT (name) DO NOTHING`,
    takeLease: `SELECT granted, token, owner, expires_ms, left_ms FROM ${schema}.take_lease($1, $2, $3)`,
    renewLease: `UPDATE ${schema}.leases SET expires_at = clock_timestamp() + $3 * interval '1 ms'
              WHERE name = $1 AND token = $2 AND expires_at > '-infinity' RETURNING token`,
    releaseLease: `UPDATE ${schema}.leases SET expires_at = '-infinity' WHERE name = $1 AND token = $2`,
  } satisfies Readonly<Record<string, string>>;
}
