import type { Run } from './connections';
import type { LogPlace } from './functions';

/** Positions in a partition of a log that is made new, and so about 100 MB. */
export const PARTITION_EVENTS = 250_000;

/** Rows whose ids are entered at a time as a log of an earlier release is brought up to date. */
const IDS_AT_ONCE = 50_000;

/**
 * The ids of all events that ever were in the log, also of those that were dropped: an event that is stated again is recognised however
 * old it is. A unique index of a partitioned table would have to contain the position, and would make no id unique.
 */
const idTable = (schema: string): string => `CREATE TABLE IF NOT EXISTS ${schema}.ids (id uuid PRIMARY KEY);`;

/** An id in the table of ids: 16 bytes, of a UUID its own, of any other text a hash. */
export const idKey = (id: string): string => `
  CASE WHEN ${id} ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN ${id}::uuid
       ELSE encode(substring(sha256(convert_to(${id}, 'UTF8')) FOR 16), 'hex')::uuid END`;

/**
 * The steps before a log of an earlier release is brought up to date: those that take long in a large one. Each is repeated until it gives
 * false. Other processes go on writing meanwhile.
 */
export function preparations({
  schema,
  partitionEvents,
}: LogPlace): readonly ((run: Run) => Promise<boolean>)[] {
  return [
    async (run) => {
      await run(idTable(schema));
      const [{ remaining = 0 } = {}] = await run<{ remaining: number }>(enterIds(schema));
      return remaining > 0;
    },
    async (run) => {
      await run(firstRange(schema, partitionEvents));
      return false;
    },
    async (run) => {
      await run(`ALTER TABLE ${schema}.events VALIDATE CONSTRAINT first_range`);
      return false;
    },
  ];
}

/** Enters the ids of some more events of a table that is not partitioned yet. */
const enterIds = (schema: string): string => `
  WITH done AS (SELECT coalesce((SELECT value::bigint FROM ${schema}.meta WHERE key = 'ids_through'), 0) AS through),
  entered AS (
    INSERT INTO ${schema}.ids SELECT ${idKey('events.id')} FROM ${schema}.events, done
     WHERE events.position > done.through AND events.position <= done.through + ${IDS_AT_ONCE} ON CONFLICT DO NOTHING
  )
  INSERT INTO ${schema}.meta SELECT 'ids_through', least(done.through + ${IDS_AT_ONCE}, head.position) FROM done, ${schema}.head
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
    RETURNING (SELECT position FROM ${schema}.head) - meta.value::bigint AS remaining`;

/** The range of the first partition, which is the whole table as it is: a constraint that is checked now need not be when it is attached. */
const firstRange = (schema: string, amount: number): string => `
  DO $range$ BEGIN
    EXECUTE (SELECT format('ALTER TABLE ${schema}.events ADD CONSTRAINT first_range CHECK (position >= 1 AND position < %s) NOT VALID',
                           1 + (position / ${amount} + 2) * ${amount}) FROM ${schema}.head);
  EXCEPTION WHEN duplicate_object THEN NULL;
  END $range$`;

/** Statement of plpgsql: grants on one table what is granted on another one. Both are expressions that give its name. */
const grantsOf = (model: string, table: string): string => `
  EXECUTE coalesce((
    SELECT string_agg(format('GRANT %s ON %s TO %s;', privilege_type, ${table},
                             CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END), '')
      FROM pg_class, aclexplode(relacl) WHERE pg_class.oid = ${model}::regclass), '');`;

/**
 * Makes the table of events the first partition of one that has its name. `head.first` is the first position that is kept, `head.known`
 * undoes an `append` of an earlier release that is under way meanwhile, as `head.chained` does. What snapshots need is kept for each bot that has
 * not been started with this release yet.
 */
export function partitioned({ schema, partitionEvents }: LogPlace): string {
  return `
    ${idTable(schema)}
    LOCK TABLE ${schema}.head;
    INSERT INTO ${schema}.ids SELECT ${idKey('id')} FROM ${schema}.events
     WHERE position > coalesce((SELECT value::bigint FROM ${schema}.meta WHERE key = 'ids_through'), 0) ON CONFLICT DO NOTHING;
    DELETE FROM ${schema}.meta WHERE key = 'ids_through';
    ALTER TABLE ${schema}.head ADD COLUMN known bigint, ADD COLUMN first bigint NOT NULL DEFAULT 1, ADD COLUMN sha256_before bytea;
    UPDATE ${schema}.head SET known = position;
    ALTER TABLE ${schema}.head ADD CHECK (known = position);
    CREATE TABLE ${schema}.partitions (first bigint PRIMARY KEY, last bigint NOT NULL);
    INSERT INTO ${schema}.meta VALUES ('partition_events', '${partitionEvents}');
    INSERT INTO ${schema}.checkpoints (bot, consumer, position)
      SELECT name, 'snapshots', coalesce((SELECT min(snapshots.position) FROM ${schema}.snapshots WHERE bot = name), 0)
        FROM ${schema}.bots, ${schema}.head WHERE head.position > 0 ON CONFLICT DO NOTHING;
    ALTER TABLE ${schema}.events DROP CONSTRAINT events_id_key;
    ALTER TABLE ${schema}.events RENAME TO events_1;
    ALTER TABLE ${schema}.events_1 RENAME CONSTRAINT events_pkey TO events_1_pkey;
    CREATE TABLE ${schema}.events (LIKE ${schema}.events_1, PRIMARY KEY (position)) PARTITION BY RANGE (position);
    DO $attach$ DECLARE beyond bigint; BEGIN
      beyond := coalesce(
        (SELECT substring(pg_get_constraintdef(oid) FROM '< ''?([0-9]+)')::bigint FROM pg_constraint
          WHERE conrelid = '${schema}.events_1'::regclass AND conname = 'first_range'),
        1 + ${partitionEvents});
      EXECUTE format('ALTER TABLE ${schema}.events ATTACH PARTITION ${schema}.events_1 FOR VALUES FROM (1) TO (%s)', beyond);
      INSERT INTO ${schema}.partitions VALUES (1, beyond - 1);
      ALTER TABLE ${schema}.events_1 DROP CONSTRAINT IF EXISTS first_range;
      ${['events', 'ids', 'partitions'].map((table) => grantsOf(`'${schema}.events_1'`, `'${schema}.${table}'`)).join('')}
    END $attach$;
  `;
}

/**
 * Makes partitions that hold all up to that position. It runs with the rights of the tables' owner, since a process that may write need not
 * be it; who may read the events may read it too, as pg_dump does. A table that is attached, unlike one that is made as a partition, does not wait for readers.
 */
export function addPartitionsFunction({ schema }: LogPlace): string {
  return `
    CREATE FUNCTION ${schema}.add_partitions(through bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $add$
    DECLARE
      from_position bigint;
      amount bigint;
    BEGIN
      SELECT value::bigint INTO STRICT amount FROM ${schema}.meta WHERE key = 'partition_events';
      PERFORM FROM ${schema}.head FOR UPDATE;
      LOOP
        SELECT max(last) + 1 INTO STRICT from_position FROM ${schema}.partitions;
        EXIT WHEN from_position > least(through, (SELECT position + 1000000 FROM ${schema}.head));
        EXECUTE format('CREATE TABLE ${schema}.events_%s (LIKE ${schema}.events)', from_position);
        EXECUTE format('ALTER TABLE ${schema}.events ATTACH PARTITION ${schema}.events_%s FOR VALUES FROM (%s) TO (%s)',
                       from_position, from_position, from_position + amount);
        ${grantsOf(`'${schema}.events'`, `'${schema}.events_' || from_position`)}
        INSERT INTO ${schema}.partitions VALUES (from_position, from_position + amount - 1);
      END LOOP;
    END $add$;
  `;
}

/**
 * Drops the oldest partition, if it is still the one that begins there, it does not hold the log's end, and every consumer is beyond it
 * and the commit that reaches over its end. The log then begins with the first commit after it. It gives way: a reader that is long at work is not waited for, as all others would queue behind it.
 *
 * @returns true when it was dropped
 */
export function dropPartitionFunction({ schema }: LogPlace): string {
  return `
    CREATE FUNCTION ${schema}.drop_partition(begins bigint) RETURNS boolean
    LANGUAGE plpgsql SET lock_timeout = '200ms' AS $drop$
    DECLARE
      ends bigint;
      begins_now bigint;
      chained_from bigint;
    BEGIN
      PERFORM FROM ${schema}.head FOR UPDATE;
      SELECT last INTO ends FROM ${schema}.partitions
       WHERE first = begins AND first = (SELECT min(first) FROM ${schema}.partitions)
         AND last < (SELECT position FROM ${schema}.head)
         AND last <= (SELECT min(position) FROM ${schema}.checkpoints);
      IF ends IS NULL THEN RETURN false; END IF;
      SELECT value::bigint INTO STRICT chained_from FROM ${schema}.meta WHERE key = 'checksums_from';
      begins_now := ends + 1;
      IF begins_now > chained_from THEN
        SELECT min(first) INTO begins_now FROM ${schema}.commits WHERE first > ends;
        IF begins_now IS NULL THEN RETURN false; END IF;
      END IF;
      IF begins_now - 1 > (SELECT min(position) FROM ${schema}.checkpoints) THEN RETURN false; END IF;
      EXECUTE format('DROP TABLE ${schema}.events_%s', begins);
      DELETE FROM ${schema}.partitions WHERE first = begins;
      DELETE FROM ${schema}.events WHERE position < begins_now;
      DELETE FROM ${schema}.snapshots WHERE position < begins_now - 1;
      UPDATE ${schema}.head SET first = begins_now, sha256_before = coalesce(
        (SELECT sha256 FROM ${schema}.commits WHERE first < begins_now ORDER BY first DESC LIMIT 1), sha256_before);
      RETURN true;
    END $drop$;
  `;
}
