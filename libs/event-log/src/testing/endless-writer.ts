import { createEvent } from '@opensqt/trading-events';
import type { EventLog } from '../event-log';
import { openPostgresEventLog } from '../postgres/open-postgres-event-log';
import { openSqliteEventLog } from '../sqlite/open-sqlite-event-log';

/**
 * A process that writes until it is killed, and says on stdout how many of its events were acknowledged. The events' symbols
 * are the writer's name and a number from 1.
 *
 * Arguments: a path, or a PostgreSQL URL and the name to write under.
 */
async function write(target: string, writer = 'SYM'): Promise<void> {
  const log = await open(target, writer);
  let acknowledged = 0;
  for (let written = 0; ; written += 50) {
    const appends = Array.from({ length: 50 }, (_, i) => {
      const symbol = `${writer}${written + i + 1}`;
      return log.append([createEvent('symbol.stopped', { symbol, reason: 'operator' })]).then(() => {
        acknowledged += 1;
      });
    });
    await Promise.all(appends.slice(0, 10));
    process.stdout.write(`${acknowledged}\n`);
  }
}

function open(target: string, writer: string): Promise<EventLog> {
  return target.startsWith('postgres')
    ? openPostgresEventLog({ url: target, writer, leaseMs: 1_000 })
    : openSqliteEventLog({ path: target });
}

void write(process.argv[2] ?? '', process.argv[3]);
