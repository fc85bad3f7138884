import { parentPort, workerData } from 'node:worker_threads';
import { type EventLog, openPostgresEventLog, openSqliteEventLog } from '@opensqt/event-log';
import { Historian, type Question, refusalOf } from './questions';
import type { PastThreadData, ThreadAnswer } from './thread-messages';

/** Answers questions about the past in a thread of its own, from its own connection to the log: the one that trades is not held up. */
const { log: named, knowledge } = workerData as PastThreadData;

let opened: Promise<{ readonly log: EventLog; readonly historian: Historian }> | undefined;

async function open(): Promise<EventLog> {
  const { kind, path, url = '', schema, bot, archivePath } = named;
  if (kind === 'postgres') return openPostgresEventLog({ url, schema, bot, readOnly: true });
  return openSqliteEventLog({ path, bot, readOnly: true, retention: { archivePath } });
}

parentPort?.on('message', (question: Question) => {
  opened ??= open().then((log) => ({ log, historian: new Historian(log, knowledge) }));
  const asked = opened;
  asked
    .then(({ historian }) => historian.answer(question))
    .then(
      (answer) => reply({ answer: answer === undefined ? undefined : JSON.stringify(answer) }),
      (error: unknown) => {
        const failure = error instanceof Error ? error.message : String(error);
        const refusal = refusalOf(error);
        if (refusal !== undefined) return reply({ failure, refusal });
        opened = undefined; // its log may be closed, its state half folded
        reply({ failure });
        return asked.then(({ log }) => log.close());
      },
    )
    .catch(() => undefined);
});

function reply(answer: ThreadAnswer): void {
  parentPort?.postMessage(answer);
}
