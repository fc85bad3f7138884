import { openSqliteEventLog } from '../sqlite/open-sqlite-event-log';
import { stops } from './sample-events';

/** A process that opens a log, appends to it and closes it, again and again, and says at its end that it got there. Argument: a path. */
async function work(path: string): Promise<void> {
  for (let i = 0; i < 20; i++) {
    const log = await openSqliteEventLog({ path });
    await log.append(stops(3));
    await log.close();
  }
  process.stdout.write('closed\n');
}

void work(process.argv[2] ?? '');
