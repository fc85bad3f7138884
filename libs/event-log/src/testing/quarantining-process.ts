import { quarantineSqliteLog } from '../sqlite/quarantine/quarantine-sqlite-log';

/** Is killed when it has looked at all events of the log and before that is committed. */
const [path = ''] = process.argv.slice(2);
void quarantineSqliteLog(path, {
  onProgress: (looked, total) => {
    if (looked === total) process.kill(process.pid, 'SIGKILL');
  },
});
