import {
  byteSize,
  choice,
  duration,
  nameText,
  rule,
  text,
  TIMER_MAX,
  wholeNumber,
} from '@opensqt/trading-events/options';
import { z } from 'zod';

/** The limits after which events leave the log: the SQLite file for its archive, the PostgreSQL database for good. */
const retention = z
  .strictObject({
    /** Events older than this are archived; in PostgreSQL, dropped. Absent: no limit on age. @unit ms */
    maxAge: duration({ min: '1s' }).optional(),
    /**
     * Once the file holds more than this, its oldest events are archived; in PostgreSQL, where the tables and indexes of the events count,
     * they are dropped. Absent: no limit on size. @unit bytes
     */
    maxSize: byteSize({ min: '1MB' }).optional(),
    /**
     * Folder of the archive: compressed files that are read as if they were still in the log. Absent: `path` with
     * `.archive` after it. For `kind: sqlite` only.
     */
    archivePath: text({ allowed: 'the path of a folder' }).optional(),
  })
  .prefault({})
  .describe(
    'When events move from the SQLite file to its archive, or are dropped from the PostgreSQL database for good, a partition of 250,000 at a time, once every snapshot and consumer is beyond them.',
  );

const file = text({
  allowed: 'the path of a file',
  pattern: /^(?!(?:file:)?:memory:).*\S/,
  explain: (raw) =>
    typeof raw === 'string' && raw.includes(':memory:')
      ? 'the path of a file; for a log that is forgotten when the process ends set eventLog.kind to memory'
      : undefined,
});

/** The durable record of what happened. An application that says nothing keeps it in memory, a file's in SQLite. */
export function eventLogOptions(defaultKind: 'memory' | 'sqlite') {
  return z
    .strictObject({
      /** `memory` forgets the events when the process ends, `postgres` takes those of several processes. @default 'memory' */
      kind: choice(['memory', 'sqlite', 'postgres']).prefault(defaultKind),
      /** The SQLite file. A relative path starts from the directory in which the process was started. @default 'data/events.db' */
      path: file.prefault('data/events.db'),
      /** The limits after which events move to the archive, or are dropped from PostgreSQL. @default never */
      retention,
      /**
       * `event_log_space` is raised while the SQLite file's file system has less room than this. Absent: 1 GB or 5 % of that file
       * system, whichever is less. @unit bytes
       */
      minFreeSpace: byteSize({ min: '1MB' }).optional(),
      /**
       * The PostgreSQL database, for `kind: postgres`. End it in `?sslmode=verify-full` where the server is on another machine: the start
       * warns of a connection that is not encrypted.
       */
      url: text({
        allowed: 'the URL of a database, postgres://user:password@host:port/database',
        pattern: /^postgres(ql)?:\/\/\S+$/,
        secret: true,
      }).optional(),
      /** The schema in that database; made if it is not there. @default 'opensqt' */
      schema: text({
        allowed: 'the name of a schema: up to 50 characters of a-z, 0-9 and _, no digit first',
        pattern: /^[a-z_][a-z0-9_]{0,49}$/,
      }).prefault('opensqt'),
      /**
       * The name of this process in what it records, for several processes of one bot on one database. One that is started twice is
       * refused. @default the bot's name
       */
      writer: nameText('the name of a process, such as mm-btc-1b').optional(),
      /**
       * The market maker states prices, positions and calls, which live events carry, in the log at most so often, for views of the
       * past. Market time. @unit ms @default '10s'
       */
      sampleInterval: duration({ min: '100ms' }).prefault('10s'),
      /** A snapshot is written after so many events: no more are read at a restart. @default 50_000 */
      snapshotEvents: wholeNumber({ min: 1 }).prefault(50_000),
      /** A snapshot is written after this long, when anything was recorded. @unit ms @default '30s' */
      snapshotInterval: duration({ min: '100ms', max: TIMER_MAX }).prefault('30s'),
      /**
       * One snapshot of so many positions is kept for good, besides the newest two: a past state is rebuilt from the one
       * before it. @default 250_000
       */
      snapshotHistory: wholeNumber({ min: 1 }).prefault(250_000),
    })
    .superRefine(
      rule(['kind', 'url'], ({ kind, url }) => {
        if (kind !== 'postgres' || url !== undefined) return undefined;
        const allowed = 'the URL of a database while eventLog.kind is postgres, such as ${DATABASE_URL}';
        return { path: ['url'], found: 'nothing', allowed };
      }),
    )
    .superRefine(
      rule(['kind', 'retention'], ({ kind, retention: limits }) => {
        if (kind === 'sqlite') return undefined;
        const isRefused = (key: string): boolean => kind === 'memory' || key === 'archivePath';
        const given = Object.entries(limits).filter(([key, value]) => value !== undefined && isRefused(key));
        const found = `the key, for a log of kind ${kind}, which has no archive`;
        const allowed = `no such key unless eventLog.kind is sqlite${kind === 'memory' ? ' or postgres' : ''}`;
        return given.map(([key]) => ({ path: ['retention', key], found, allowed }));
      }),
    )
    .prefault({})
    .describe('The event log, from which metrics, health and alerts can be rebuilt.');
}
