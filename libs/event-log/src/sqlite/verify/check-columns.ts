import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { Fact } from '@opensqt/trading-events';
import { decodeRow } from '../../engine/event-codec';
import { type ChunkRow, ColumnChunks } from '../columns/column-chunks';
import type { SqliteSegments } from '../archive/sqlite-segments';
import type { Findings } from './verify-report';

const REMEDY =
  'Stop the market maker and drop the columns (--drop-columns): its next start makes them again from the events.';

/** A log whose columns are compared with the events that they were made of. */
export interface ColumnsToCheck {
  readonly log: string;
  readonly database: DatabaseSync;
  readonly segments: SqliteSegments;
  /** Position of the oldest event that is still live: columns of archived ones are not compared. */
  readonly firstLive: number;
}

/**
 * Compares the typed columns with the events. A chunk with a wrong checksum is passed over by readers. Where the checksum is
 * right and an event says something else, one of the two was changed after it was written; an event has no checksum of its own
 * in the file, so this is the only sight of it.
 *
 * @returns how much was looked at
 */
export function checkColumns(
  { log, database, segments, firstLive }: ColumnsToCheck,
  findings: Findings,
): string {
  const chunks = new ColumnChunks(database, log);
  let looked = 0;
  for (const chunk of chunks.all()) {
    looked += 1;
    const { first, last, checksum, columns } = chunk;
    const which = `The columns of positions ${first} to ${last}`;
    if (crc32(columns) !== checksum) {
      findings.warning(
        `${which} are damaged: their checksum is wrong. The events are read instead, which takes longer. ${REMEDY}`,
      );
      continue;
    }
    const facts = chunks.factsOf(chunk);
    if (facts === undefined) {
      findings.warning(
        `${which} are of another release: they are not used, and made again by whoever writes.`,
      );
      continue;
    }
    const other = first < firstLive ? undefined : firstDifference(chunk, facts, segments, log);
    if (other === undefined) continue;
    findings.error(
      `The event at position ${other} is not what the columns that were made of it say (those of positions ${first} to ${last}), and their checksum is right: it was changed after it was written. Restore a backup; or, if the event is right, ${REMEDY[0]?.toLowerCase()}${REMEDY.slice(1)}`,
    );
  }
  return `${looked} chunks`;
}

/** Events that can't be read are found elsewhere. */
function firstDifference(
  { first, last }: ChunkRow,
  facts: readonly Fact[],
  segments: SqliteSegments,
  log: string,
): number | undefined {
  try {
    return segments.rows(first, last).find((row) => {
      const fact = facts[row.position - first];
      return fact === undefined || textOf(decodeRow(row, log).event) !== textOf(fact);
    })?.position;
  } catch {
    return undefined;
  }
}

function textOf({ type, version, occurredAt, data }: Fact): string {
  return JSON.stringify([type, version, occurredAt, data]);
}
