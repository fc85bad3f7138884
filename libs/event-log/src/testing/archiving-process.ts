import { archiveAll } from './archiving';

/** A process that archives a log and is killed right after a step, the given time that it comes. */
const [path = '', step = '', times = '1'] = process.argv.slice(2);
let left = Number(times);
void archiveAll(path, (done) => {
  if (done !== step) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
});
