import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { CHUNK_EVENTS, ColumnChunks } from '../columns/column-chunks';
import { openForWriting } from '../database';
import { SqliteSegments } from '../archive/sqlite-segments';
import { SqliteStore } from '../sqlite-store';
import { RingConsumer } from './append-ring';
import type { WriterReport, WriterRequest, WriterThreadData } from './writer-messages';
import { WriterLoop, failureOf } from './writer-loop';
import { FileUpkeep } from './writer-upkeep';

/** So many events without columns are too many to wait for a quiet moment: a replay takes most of a second for their JSON. */
const PRESSING_EVENTS = 128 * CHUNK_EVENTS;

/** The thread's own file: opens the log and writes until it is asked to close. */
async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new TypeError('This file is the start of a worker thread and no program.');
  const { path, ring, archive } = workerData as WriterThreadData;
  const report = (message: WriterReport): void => port.postMessage(message);
  let store: SqliteStore;
  let columns: ColumnChunks;
  let upkeep: FileUpkeep;
  try {
    const database = openForWriting(path);
    const segments = new SqliteSegments(database, path);
    upkeep = new FileUpkeep(database, segments, archive);
    store = new SqliteStore(database, path, (id) => upkeep.archivedThrough > 0 && segments.holds(id));
    columns = new ColumnChunks(database, store.name);
    columns.clearOutdated();
    report({ kind: 'opened', position: store.lastPosition() });
  } catch (error) {
    report({ kind: 'unopened', failure: failureOf(error) });
    return;
  }
  // Texts that come before their frame is looked at are put by: requests and frames travel apart.
  const texts: string[] = [];
  const requests: Exclude<WriterRequest, { kind: 'texts' }>[] = [];
  const receive = (): boolean => {
    const received = receiveMessageOnPort(port) as { readonly message: WriterRequest } | undefined;
    if (received?.message.kind === 'texts') texts.push(received.message.texts);
    else if (received !== undefined) requests.push(received.message);
    return received !== undefined;
  };
  const takeTexts = (): string => {
    while (texts.length === 0 && receive());
    const next = texts.shift();
    if (next === undefined) throw new TypeError('The frame of an event came without its texts.');
    return next;
  };
  const loop = new WriterLoop({
    store,
    ring: new RingConsumer(ring, takeTexts),
    request: () => {
      while (receive());
      return requests.shift();
    },
    report,
    upkeep,
    background: (only) => coverNext(columns, only),
    now: () => Date.now(),
  });
  await loop.run();
  store.close();
}

/** Columns are derived: where they can't be written (a full disk), the log is still whole, and they are made later. */
function coverNext(columns: ColumnChunks, only?: 'pressing'): boolean {
  try {
    return only === 'pressing' ? columns.coverNext(PRESSING_EVENTS) : columns.coverNext();
  } catch {
    return false;
  }
}

void main();
