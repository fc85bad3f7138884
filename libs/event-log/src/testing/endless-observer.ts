import { openPostgresEventLog } from '../postgres/open-postgres-event-log';
import { symbolsOf } from './sample-events';

/** A process that subscribes to a log and prints each position and symbol that it is handed, until it is killed. Argument: a URL. */
async function observe(url: string): Promise<void> {
  const log = await openPostgresEventLog({ url, readOnly: true });
  log.subscribe(1, (records) => {
    const symbols = symbolsOf(records);
    const lines = records.map(({ position }, i) => `${position} ${symbols[i]}\n`);
    process.stdout.write(lines.join(''));
  });
}

void observe(process.argv[2] ?? '');
