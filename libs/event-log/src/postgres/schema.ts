import { LEASE_LOST } from './postgres-failure';

/** Version of the tables and functions below. */
export const SCHEMA_VERSION = 1;

/**
 * The statements that make a new log. Same tables as in SQLite, and two more:
 *
 * - `head`, one row: the log's last position. A commit locks it first and gives it up when it is visible to others, so
 *   positions are given in the order of the commits: gapless, and none appears behind a reader.
 * - `leases`: who writes under which name until when. Each taking raises the token; a commit under an older one is refused.
 *
 * Commits and takings are functions so that each is one statement: a client that is stopped at the wrong moment can't hold
 * the head's lock.
 *
 * @param schema quoted for SQL
 * @param channel quoted for SQL
 */
export function schemaSql(schema: string, channel: string): string {
  const notified = channel.slice(1, -1);
  return `
    CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE ${schema}.meta (key text PRIMARY KEY, value text NOT NULL);
    CREATE TABLE ${schema}.events (
      position     bigint PRIMARY KEY,
      id           text NOT NULL UNIQUE,
      type         text NOT NULL,
      version      bigint NOT NULL,
      source       text NOT NULL,
      occurred_at  double precision NOT NULL,
      causation_id text,
      data         text NOT NULL,
      committed_at double precision NOT NULL
    );
    CREATE TABLE ${schema}.checkpoints (consumer text PRIMARY KEY, position bigint NOT NULL);
    CREATE TABLE ${schema}.snapshots (
      sequence   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      projection text NOT NULL,
      version    bigint NOT NULL,
      position   bigint NOT NULL,
      state      text NOT NULL,
      checksum   text NOT NULL
    );
    CREATE INDEX snapshots_by_projection ON ${schema}.snapshots (projection, sequence);
    CREATE TABLE ${schema}.leases (
      name       text PRIMARY KEY,
      token      bigint NOT NULL,
      owner      text NOT NULL,
      expires_at timestamptz NOT NULL
    );
    CREATE TABLE ${schema}.head (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      position bigint NOT NULL
    );
    INSERT INTO ${schema}.head (position) VALUES (0);
    ${appendFunction(schema, notified)}
    ${takeLeaseFunction(schema)}
    INSERT INTO ${schema}.meta VALUES ('schema_version', '${SCHEMA_VERSION}');
  `;
}

/** The planner must not believe statistics of a log that was small a minute ago: ids are always looked up by index. */
const BY_INDEX = 'SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off';

/** Returns the last position before, and with the ids that were stored; null for all of them. */
function appendFunction(schema: string, channel: string): string {
  return `
    CREATE FUNCTION ${schema}.append(
      lease_name text, lease_token bigint, stamp double precision,
      ids text[], types text[], versions bigint[], sources text[], times double precision[], causes text[], datas text[],
      consumers text[], reached bigint[],
      OUT before bigint, OUT stored text[]
    ) LANGUAGE plpgsql ${BY_INDEX} AS $append$
    DECLARE
      added bigint;
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
      WITH added AS (
        INSERT INTO ${schema}.events
        SELECT before + row_number() OVER (ORDER BY given.ordinal), given.id, given.type, given.version, given.source,
               given.occurred_at, given.causation_id, given.data, stamp
          FROM unnest(ids, types, versions, sources, times, causes, datas) WITH ORDINALITY
               AS given (id, type, version, source, occurred_at, causation_id, data, ordinal)
         WHERE NOT EXISTS (SELECT FROM ${schema}.events AS held WHERE held.id = given.id)
        RETURNING id
      ) SELECT count(*), array_agg(added.id) INTO added, stored FROM added;
      INSERT INTO ${schema}.checkpoints AS kept
        SELECT moved.consumer, max(moved.position) FROM unnest(consumers, reached) AS moved (consumer, position)
        GROUP BY moved.consumer
        ON CONFLICT (consumer) DO UPDATE SET position = greatest(kept.position, excluded.position);
      IF added > 0 THEN
        UPDATE ${schema}.head SET position = before + added;
        PERFORM pg_notify('${channel}', (before + added)::text);
      END IF;
      IF added = cardinality(ids) THEN stored := NULL; END IF;
    END $append$;
  `;
}

/**
 * Grants a lease that nobody has. It does so in turn with the commits: those of the holder before are all visible to the new
 * one, and no further one succeeds.
 */
function takeLeaseFunction(schema: string): string {
  return `
    CREATE FUNCTION ${schema}.take_lease(
      wanted text, taker text, lasting_ms double precision,
      OUT granted boolean, OUT token bigint, OUT owner text, OUT expires_ms double precision, OUT left_ms double precision
    ) LANGUAGE plpgsql AS $take$
    BEGIN
      granted := false;
      IF NOT EXISTS (
        SELECT FROM ${schema}.leases AS held WHERE held.name = wanted AND held.expires_at > clock_timestamp()
      ) THEN
        PERFORM FROM ${schema}.head FOR UPDATE;
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
