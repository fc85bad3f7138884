import { parentPort, workerData } from 'node:worker_threads';
import { type EventLog, EventLogError, openPostgresEventLog, openSqliteEventLog } from '@opensqt/event-log';
import { Historian, type Question, refusalOf } from './questions';
import type { PastThreadData, ThreadAnswer } from './thread-messages';
import { messageOf } from '../../format/format';

/** Answers questions about the past in a thread of its own, from its own connection to the log: the one that trades is not held up. */
const { log: named, knowledge } = workerData as PastThreadData;

const MAX_TRIES = 3;

let opened: Promise<{ readonly log: EventLog; readonly historian: Historian }> | undefined;

async function open(): Promise<EventLog> {
  const { kind, path, url = '', schema, bot, archivePath } = named;
  if (kind === 'postgres') return openPostgresEventLog({ url, schema, bot, readOnly: true });
  return openSqliteEventLog({ path, bot, readOnly: true, retention: { archivePath } });
}

parentPort?.on('message', (question: Question) => {
  answered(question).then(
    (answer) => reply({ answer: answer === undefined ? undefined : JSON.stringify(answer) }),
    (error: unknown) => {
      const failure = messageOf(error);
      const refusal = refusalOf(error);
      reply({ failure, ...(refusal === undefined ? {} : { refusal }) });
    },
  );
});

/** Asks again, of what is left, where events were dropped while they were read. */
async function answered(question: Question, tries = MAX_TRIES): Promise<unknown> {
  opened ??= open().then((log) => ({ log, historian: new Historian(log, knowledge) }));
  const asked = opened;
  try {
    return await (await asked).historian.answer(question);
  } catch (error) {
    const isDropped = error instanceof EventLogError && error.code === 'LOG_DROPPED';
    if (!isDropped && refusalOf(error) !== undefined) throw error;
    opened = undefined; // its log may be closed, its state half folded
    asked.then(({ log }) => log.close()).catch(() => undefined);
    if (isDropped && tries > 1) return answered(question, tries - 1);
    throw error;
  }
}

function reply(answer: ThreadAnswer): void {
  parentPort?.postMessage(answer);
}
