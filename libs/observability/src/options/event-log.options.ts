import {
  byteSize,
  choice,
  duration,
  rule,
  text,
  TIMER_MAX,
  wholeNumber,
} from '@opensqt/trading-events/options';
import { z } from 'zod';

/** The limits after which events leave the SQLite file. */
const retention = z
  .strictObject({
    /** Events older than this are archived: milliseconds, or a text such as `30d`. Absent: at any age they stay. */
    maxAge: duration({ min: '1s' })
      .optional()
      .describe('Events older than this are archived. Absent: no limit on age.'),
    /** Once the file holds more, its oldest events are archived: bytes, or a text such as `2GB`. Absent: any size is fine. */
    maxSize: byteSize({ min: '1MB' })
      .optional()
      .describe(
        'Once the file holds more than this, its oldest events are archived. Absent: no limit on size.',
      ),
    /** Folder of the archive; made if it is not there. @default `<path>.archive` */
    archivePath: text({ allowed: 'the path of a folder' })
      .optional()
      .describe(
        'Folder of the archive: compressed files that are read as if they were still in the log. Absent: `path` with `.archive` after it.',
      ),
  })
  .prefault({})
  .describe('When events move from the SQLite file to its archive. For `kind: sqlite` only.');

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
      kind: choice(['memory', 'sqlite', 'postgres'])
        .prefault(defaultKind)
        .describe(
          'Where events are kept; `memory` forgets them when the process ends, `postgres` takes those of several processes.',
        ),
      /** The SQLite file. @default 'data/events.db' */
      path: file
        .prefault('data/events.db')
        .describe(
          'The SQLite file. A relative path starts from the directory in which the process was started.',
        ),
      /** The limits after which events move to the archive. @default never */
      retention,
      /** Of the PostgreSQL database, `postgres://user:password@host:port/database`; needed there. A secret. */
      url: text({
        allowed: 'the URL of a database, postgres://user:password@host:port/database',
        pattern: /^postgres(ql)?:\/\/\S+$/,
        secret: true,
      })
        .optional()
        .describe('The PostgreSQL database, for `kind: postgres`.'),
      /** The schema in that database; made if it is not there. @default 'opensqt' */
      schema: text({
        allowed: 'the name of a schema: up to 50 characters of a-z, 0-9 and _, no digit first',
        pattern: /^[a-z_][a-z0-9_]{0,49}$/,
      })
        .prefault('opensqt')
        .describe('The schema in that database; made if it is not there.'),
      /** The name that this process writes to that database under; one process at a time has it. @default 'market-maker' */
      writer: text({
        allowed: 'a name of up to 50 characters of A-Z, a-z, 0-9, . _ -',
        pattern: /^[\w.-]{1,50}$/,
      })
        .prefault('market-maker')
        .describe(
          'The name that this process writes to that database under. Several market makers on one database have different ones; one that is started twice is refused.',
        ),
      /** A snapshot is written after so many events: no more are read at a restart. @default 50_000 */
      snapshotEvents: wholeNumber({ min: 1 })
        .prefault(50_000)
        .describe('A snapshot is written after so many events: at most so many are read at a restart.'),
      /** A snapshot is written after this long, when anything was recorded: milliseconds, or a text. @default '30s' */
      snapshotInterval: duration({ min: '100ms', max: TIMER_MAX })
        .prefault('30s')
        .describe('A snapshot is written after this long, when anything was recorded.'),
    })
    .superRefine(
      rule(['kind', 'url'], ({ kind, url }) =>
        kind === 'postgres' && url === undefined
          ? [
              {
                path: ['url'],
                found: 'nothing',
                allowed: 'the URL of a database while eventLog.kind is postgres, such as ${DATABASE_URL}',
              },
            ]
          : [],
      ),
    )
    .superRefine(
      rule(['kind', 'retention'], ({ kind, retention: limits }) =>
        kind === 'sqlite'
          ? []
          : Object.entries(limits).flatMap(([key, value]) =>
              value === undefined
                ? []
                : [
                    {
                      path: ['retention', key],
                      found: `the key, for a log of kind ${kind}, which has no archive`,
                      allowed: 'no such key unless eventLog.kind is sqlite',
                    },
                  ],
            ),
      ),
    )
    .prefault({})
    .describe('The event log, from which metrics, health and alerts can be rebuilt.');
}
