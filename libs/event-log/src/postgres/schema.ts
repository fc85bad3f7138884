import { type LogPlace, functionsSql } from './functions';
import { partitioned } from './partitions';

/**
 * The changes of the tables, oldest first: the first makes those of version 1, each next one leads to the next version. A step that
 * was released is not changed any more. Functions are made anew after the last one, so a step is about tables alone.
 */
const STEPS: readonly ((place: LogPlace) => string)[] = [
  firstTables,
  bots,
  () => '', // functions: fenced by the head's row
  commits,
  partitioned,
];

/** The first version whose events are in partitions. */
export const PARTITIONED_FROM = 5;

/** Version of the tables and functions that this release makes. */
export const SCHEMA_VERSION = STEPS.length;

/**
 * The statements that bring a log from that version to today's; from 0, those that make it.
 *
 * @param from the version of the tables that are there; 0 when there are none
 */
export function changesSql(from: number, place: LogPlace): string {
  const changes = STEPS.slice(from).map((step) => step(place));
  const stamp = `UPDATE ${place.schema}.meta SET value = '${SCHEMA_VERSION}' WHERE key = 'schema_version';`;
  return [...changes, functionsSql(place), stamp].join('\n');
}

/**
 * The tables of SQLite that have no archive, and two more:
 *
 * - `head`, one row: the log's last position. A commit locks it first and gives it up when it is visible to others, so
 *   positions are given in the order of the commits: gapless, and none appears behind a reader.
 * - `leases`: who writes under which name until when. Each taking raises the token; a commit under an older one is refused.
 */
function firstTables({ schema }: LogPlace): string {
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
    INSERT INTO ${schema}.meta VALUES ('schema_version', '1');
  `;
}

/** Records, checkpoints and snapshots of several bots; all that was there is that one's. Records without a bot are those of the first one. */
function bots({ schema, bot }: LogPlace): string {
  return `
    CREATE TABLE ${schema}.bots (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name     text NOT NULL UNIQUE
    );
    INSERT INTO ${schema}.bots (name) VALUES (${bot});
    ALTER TABLE ${schema}.events ADD COLUMN bot text, ADD COLUMN writer text;
    ALTER TABLE ${schema}.snapshots ADD COLUMN bot text NOT NULL DEFAULT ${bot};
    ALTER TABLE ${schema}.snapshots ALTER COLUMN bot DROP DEFAULT;
    ALTER TABLE ${schema}.checkpoints ADD COLUMN bot text NOT NULL DEFAULT ${bot};
    ALTER TABLE ${schema}.checkpoints ALTER COLUMN bot DROP DEFAULT;
    ALTER TABLE ${schema}.checkpoints DROP CONSTRAINT checkpoints_pkey, ADD PRIMARY KEY (bot, consumer);
  `;
}

/**
 * The hash of each commit, chained from the one before. `checksums_from` is the first position that has one. An `append` of an earlier release
 * that is under way meanwhile makes no hash: it moves the head alone, is undone for that, and the process that called it runs it again.
 */
function commits({ schema }: LogPlace): string {
  return `
    ALTER TABLE ${schema}.head ADD COLUMN chained bigint NOT NULL DEFAULT 0;
    UPDATE ${schema}.head SET chained = position;
    ALTER TABLE ${schema}.head ADD CHECK (chained = position);
    CREATE TABLE ${schema}.commits (first bigint PRIMARY KEY, last bigint NOT NULL, sha256 bytea NOT NULL);
    INSERT INTO ${schema}.meta SELECT 'checksums_from', 1 + position FROM ${schema}.head;
  `;
}
