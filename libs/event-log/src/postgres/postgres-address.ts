import type { ClientConfig } from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { EventLogError } from '../event-log';

/** The address of a log: for the driver, and as it may be shown. */
export interface PostgresAddress {
  /** Holds the password, as fields that the driver keeps out of what is printed. */
  readonly config: ClientConfig;
  /** The schema's name, quoted for SQL. */
  readonly schema: string;
  /** Channel of LISTEN and NOTIFY, quoted for SQL. */
  readonly channel: string;
  /** The log in messages; without the password. */
  readonly name: string;
}

/** A name that needs no escaping; short enough for a channel name made of it. */
const SCHEMA = /^[a-z_][a-z0-9_]{0,49}$/;

/**
 * Reads a log's address. What is wrong with it is said without quoting it: it may hold a password anywhere.
 *
 * @throws EventLogError `LOG_UNSUPPORTED`
 */
export function readAddress(url: string, schema: string): PostgresAddress {
  if (!SCHEMA.test(schema)) {
    const message = `An event log can't be in the schema '${schema}': its name must have 1 to 50 characters of a-z, 0-9 and _, and not begin with a digit.`;
    throw new EventLogError('LOG_UNSUPPORTED', message);
  }
  const config = parsed(url);
  const { host = 'localhost', port = 5432, database = config.user ?? '' } = config;
  return {
    config,
    schema: `"${schema}"`,
    channel: `"opensqt:${schema}"`,
    name: `The event log in PostgreSQL at ${host}:${port}/${database}, schema ${schema},`,
  };
}

function parsed(url: string): ClientConfig {
  if (/^postgres(ql)?:\/\//.test(url)) {
    try {
      return parseIntoClientConfig(url);
    } catch {
      // said below: the parser's own error quotes the URL
    }
  }
  const message =
    'The URL of the event log (not shown, it may hold a password) is not understood. Write postgres://user:password@host:port/database, and %-encode what is special in the password.';
  throw new EventLogError('LOG_UNSUPPORTED', message);
}
