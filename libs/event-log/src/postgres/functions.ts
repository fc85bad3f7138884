import { CHAIN_START } from '../engine/commit-checksum';
import { addPartitionsFunction, dropPartitionFunction, idKey } from './partitions';
import { LEASE_LOST } from './postgres-failure';

/** A log's place in a database; names and texts are quoted for SQL. */
export interface LogPlace {
  readonly schema: string;
  /** Channel of LISTEN and NOTIFY. */
  readonly channel: string;
  /** The bot that what is in a log of version 1 is of. */
  readonly bot: string;
  /** Positions in a partition. */
  readonly partitionEvents: number;
}

/**
 * The statements that make a log's functions, in place of those of an earlier version. A commit and the taking of a lease are functions
 * so that each is one statement: a client that is stopped at the wrong moment can't hold the head's lock. They rely on nothing that is set
 * on the session, which a pooler may share, nor on the database's default isolation: both give the head's row a new version, so
 * that one which began before the other has ended either sees it or fails to be serialized, and is run again.
 */
export function functionsSql(place: LogPlace): string {
  const names = ['append', 'take_lease', 'add_partitions', 'drop_partition'];
  const drop = names.map((name) => `DROP FUNCTION IF EXISTS ${place.schema}.${name};`);
  const make = [appendFunction, takeLeaseFunction, addPartitionsFunction, dropPartitionFunction];
  return [...drop, ...make.map((sql) => sql(place))].join('\n');
}

/** A server on which the head is locked for longer has something else wrong; the transaction is undone and tried again. */
const LOCK_TIMEOUT = `SET lock_timeout = '15s'`;

/** The planner must not believe statistics of a log that was small a minute ago: ids are always looked up by index. */
const BY_INDEX = 'SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off';

/** The bytes of a row as CommitChecksum defines them. Its numbers come as the client wrote them: the server would write some times otherwise. */
const ROW_BYTES = [
  ...[
    'fresh.position::text',
    'fresh.id',
    'fresh.type',
    'fresh.version::text',
    'fresh.source',
    'fresh.occurred_at',
  ],
  ...["coalesce('=' || fresh.causation_id, '')", 'fresh.data', 'stamp', 'bot_name', 'writer_name'],
]
  .map((text) => `convert_to(${text}, 'UTF8') || decode('00', 'hex')`)
  .join(' || ');

const CHAIN_START_SQL = `decode('${Buffer.from(CHAIN_START).toString('hex')}', 'hex')`;

/** Returns the last position before, and with the ids that were stored; null for all of them. */
function appendFunction({ schema, channel }: LogPlace): string {
  return `
    CREATE FUNCTION ${schema}.append(
      lease_name text, lease_token bigint, stamp text, bot_name text, writer_name text,
      ids text[], types text[], versions bigint[], sources text[], times text[], causes text[], datas text[],
      consumers text[], reached bigint[],
      OUT before bigint, OUT stored text[]
    ) LANGUAGE plpgsql ${BY_INDEX} ${LOCK_TIMEOUT} AS $append$
    DECLARE
      added bigint;
      rows_hash bytea;
    BEGIN
      -- Acknowledged means on disk, whatever the database sets as its default.
      IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
        PERFORM set_config('synchronous_commit', 'on', true);
      END IF;
      SELECT head.position INTO STRICT before FROM ${schema}.head FOR UPDATE;
      IF NOT EXISTS (SELECT FROM ${schema}.leases WHERE name = lease_name AND token = lease_token) THEN
        RAISE EXCEPTION USING ERRCODE = '${LEASE_LOST}', MESSAGE = coalesce(
          (SELECT owner FROM ${schema}.leases WHERE name = lease_name), 'nobody');
      END IF;
      IF before + cardinality(ids) > (SELECT max(last) FROM ${schema}.partitions) THEN
        PERFORM ${schema}.add_partitions(before + cardinality(ids));
      END IF;
      WITH keyed AS MATERIALIZED (
        SELECT given.*, ${idKey('given.id')} AS key
          FROM unnest(ids, types, versions, sources, times, causes, datas) WITH ORDINALITY
               AS given (id, type, version, source, occurred_at, causation_id, data, ordinal)
      ), fresh AS MATERIALIZED (
        SELECT before + row_number() OVER (ORDER BY keyed.ordinal) AS position, keyed.*
          FROM keyed WHERE NOT EXISTS (SELECT FROM ${schema}.ids AS held WHERE held.id = keyed.key)
      ), known AS (
        INSERT INTO ${schema}.ids SELECT fresh.key FROM fresh
      ), inserted AS (
        INSERT INTO ${schema}.events
          (position, id, type, version, source, occurred_at, causation_id, data, committed_at, bot, writer)
        SELECT fresh.position, fresh.id, fresh.type, fresh.version, fresh.source, fresh.occurred_at::double precision,
               fresh.causation_id, fresh.data, stamp::double precision, bot_name, writer_name
          FROM fresh
      ) SELECT count(*), coalesce(array_agg(fresh.id), '{}'), sha256(string_agg(${ROW_BYTES}, '' ORDER BY fresh.position))
          INTO added, stored, rows_hash FROM fresh;
      INSERT INTO ${schema}.checkpoints AS kept (consumer, position, bot)
        SELECT moved.consumer, max(moved.position), bot_name
          FROM unnest(consumers, reached) AS moved (consumer, position)
         GROUP BY moved.consumer
        ON CONFLICT (bot, consumer) DO UPDATE SET position = greatest(kept.position, excluded.position);
      IF added > 0 THEN
        INSERT INTO ${schema}.commits (first, last, sha256) VALUES (before + 1, before + added, sha256(coalesce(
          (SELECT ended.sha256 FROM ${schema}.commits AS ended ORDER BY ended.first DESC LIMIT 1), ${CHAIN_START_SQL}
        ) || rows_hash));
        UPDATE ${schema}.head SET position = before + added, chained = before + added, known = before + added;
        PERFORM pg_notify('${channel.slice(1, -1)}', (before + added)::text);
      END IF;
      IF added = cardinality(ids) THEN stored := NULL; END IF;
    END $append$;
  `;
}

/**
 * Grants a lease that nobody has. It does so in turn with the commits: those of the holder before are all visible to the new
 * one, and no further one succeeds.
 */
function takeLeaseFunction({ schema }: LogPlace): string {
  return `
    CREATE FUNCTION ${schema}.take_lease(
      wanted text, taker text, lasting_ms double precision,
      OUT granted boolean, OUT token bigint, OUT owner text, OUT expires_ms double precision, OUT left_ms double precision
    ) LANGUAGE plpgsql ${LOCK_TIMEOUT} AS $take$
    BEGIN
      granted := false;
      IF NOT EXISTS (
        SELECT FROM ${schema}.leases AS held WHERE held.name = wanted AND held.expires_at > clock_timestamp()
      ) THEN
        UPDATE ${schema}.head SET position = head.position;
        INSERT INTO ${schema}.leases AS held
          VALUES (wanted, 1, taker, clock_timestamp() + lasting_ms * interval '1 ms')
          ON CONFLICT (name) DO UPDATE
             SET token = held.token + 1, owner = excluded.owner, expires_at = excluded.expires_at
           WHERE held.expires_at <= clock_timestamp();
        granted := FOUND;
      END IF;
      SELECT held.token, held.owner, extract(epoch FROM held.expires_at) * 1000
        INTO token, owner, expires_ms FROM ${schema}.leases AS held WHERE held.name = wanted;
      left_ms := expires_ms - extract(epoch FROM clock_timestamp()) * 1000;
    END $take$;
  `;
}
