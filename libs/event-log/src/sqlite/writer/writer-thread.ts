import type { DatabaseSync } from 'node:sqlite';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { GroupCommit } from '../../engine/group-commit';
import type { Envelope } from '../../engine/log-store';
import type { LogStorage } from '../../event-log';
import { openForWriting } from '../database';
import { SqliteSegments } from '../archive/sqlite-segments';
import { WritingSqliteStore } from '../sqlite-store';
import { FileMaintenance } from './file-maintenance';
import {
  type WriterReport,
  type WriterRequest,
  type WriterThreadData,
  failureOf,
  unflatten,
} from './writer-messages';

/** Time between commits, in which events come together to share a disk sync. Short against the sync of most disks. */
const LINGER_MS = 2;

/** Commits to the log's database in this thread, and maintains its file, until it is asked to close. */
class WriterWorker {
  private readonly store: WritingSqliteStore;
  private readonly maintenance: FileMaintenance;
  private readonly commits: GroupCommit<Envelope>;
  private maintaining: Promise<LogStorage> | undefined;

  constructor(
    private readonly port: MessagePort,
    database: DatabaseSync,
    { path, archive }: WriterThreadData,
  ) {
    const segments = new SqliteSegments(database, path);
    const maintenance = new FileMaintenance(database, segments, archive);
    const isArchived = (id: string): boolean => maintenance.archivedThrough > 0 && segments.holds(id);
    this.maintenance = maintenance;
    this.store = new WritingSqliteStore(database, path, isArchived);
    const options = { lingerMs: LINGER_MS, maxQueued: Infinity };
    this.commits = new GroupCommit<Envelope>(this.store, options, {
      onCommit: ({ position, repeats, committedAt }, appends, tookMs) =>
        this.report({ kind: 'committed', appends, position, repeats, committedAt, tookMs }),
      onFailure: (failure) => this.report({ kind: 'failed', failure: failureOf(failure) }),
    });
    this.report({ kind: 'opened', position: this.store.lastPosition() });
    port.on('message', (request: WriterRequest) => this.handle(request));
  }

  private handle(request: WriterRequest): void {
    switch (request.kind) {
      case 'append':
        for (const append of unflatten(request.appends)) this.commits.add(append);
        break;
      case 'flush':
        void this.answer(request.call, () => this.commits.flush().then(() => undefined));
        break;
      case 'snapshot':
        void this.answer(request.call, async () => {
          this.store.saveSnapshot(request.snapshot);
          return undefined;
        });
        break;
      case 'maintain':
        void this.answer(request.call, () => (this.maintaining = this.maintenance.run()));
        break;
      case 'close':
        void this.close();
    }
  }

  private async answer(call: number, work: () => Promise<LogStorage | undefined>): Promise<void> {
    try {
      const storage = await work();
      this.report({ kind: 'answered', call, ...(storage === undefined ? {} : { storage }) });
    } catch (error) {
      this.report({ kind: 'refused', call, failure: failureOf(error) });
    }
  }

  private async close(): Promise<void> {
    this.commits.stop();
    this.maintenance.stop();
    await this.maintaining?.catch(() => undefined);
    this.store.close();
    this.port.close();
  }

  private report(report: WriterReport): void {
    this.port.postMessage(report);
  }
}

function main(): void {
  const port = parentPort;
  if (port === null) throw new TypeError('This file is the start of a worker thread and no program.');
  const data = workerData as WriterThreadData;
  let database: DatabaseSync | undefined;
  try {
    database = openForWriting(data.path);
    new WriterWorker(port, database, data);
  } catch (error) {
    database?.close();
    const report: WriterReport = { kind: 'unopened', failure: failureOf(error) };
    port.postMessage(report);
  }
}

main();
