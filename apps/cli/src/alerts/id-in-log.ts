import type { LogRecord } from '@opensqt/event-log';
import { IdPrefixError, idByPrefix, isAlertEvent } from '@opensqt/observability/replay';
import { OperatorError } from './operator-api';

type LoggedEvent = LogRecord['event'];

/** Characters of a whole id. */
const WHOLE_ID = 36;

/**
 * The id in the log that begins with what was given, which may be all of it. What none begins with is returned as it is.
 *
 * @param all the records to look in
 * @param what each of the ids names, for the error
 * @throws OperatorError when more than one id begins with it, or it is too short
 */
export async function idInLog(
  all: AsyncIterable<readonly LogRecord[]>,
  given: string,
  what: string,
  idOf: (event: LoggedEvent) => string | undefined,
): Promise<string> {
  if (given.length >= WHOLE_ID) return given;
  const ids = new Set<string>();
  for await (const records of all) {
    for (const { event } of records) {
      const id = idOf(event);
      if (id?.startsWith(given) === true) ids.add(id);
    }
  }
  try {
    return idByPrefix(given, ids, what);
  } catch (error) {
    throw error instanceof IdPrefixError ? new OperatorError(error.message) : error;
  }
}

/** The alert that an event is about; undefined for events that are about none. */
export function alertIdOf(event: LoggedEvent): string | undefined {
  return isAlertEvent(event) && 'alertId' in event.data ? event.data.alertId : undefined;
}
