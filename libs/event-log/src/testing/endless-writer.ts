import { createEvent } from '@opensqt/trading-events';
import { openSqliteEventLog } from '../sqlite/open-sqlite-event-log';

/** A process that writes until it is killed, and says on stdout how many of its events were acknowledged. */
async function write(path: string): Promise<void> {
  const log = await openSqliteEventLog({ path });
  let acknowledged = 0;
  for (let written = 0; ; written += 50) {
    const appends = Array.from({ length: 50 }, (_, i) => {
      const symbol = `SYM${written + i + 1}`;
      return log.append([createEvent('symbol.stopped', { symbol, reason: 'operator' })]).then(() => {
        acknowledged += 1;
      });
    });
    await Promise.all(appends.slice(0, 10));
    process.stdout.write(`${acknowledged}\n`);
  }
}

void write(process.argv[2] ?? '');
