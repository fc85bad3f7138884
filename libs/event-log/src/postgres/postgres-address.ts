import { isIP } from 'node:net';
import { Client, type ClientConfig } from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { messageOf } from '../engine/diagnosis';
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
  /** Anyone on the way to the server can read what is sent, and change it. */
  readonly exposed: boolean;
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
  const { host, port, database, ssl } = new Client(config); // as the driver completes it, from PGHOST, PGSSLMODE and their like
  return {
    config,
    schema: `"${schema}"`,
    channel: `"opensqt:${schema}"`,
    name: `The event log in PostgreSQL at ${host}:${port}/${database}, schema ${schema},`,
    exposed: !ssl && !isLocal(host),
  };
}

/** The machine itself, or a socket in its file system. */
function isLocal(host: string): boolean {
  if (host.startsWith('/') || host === '::1') return true;
  return isIP(host) === 4 ? host.startsWith('127.') : /^(.+\.)?localhost$/i.test(host);
}

/** Warns of an address whose traffic is exposed. */
export function warnOfExposure({ name, exposed }: PostgresAddress): void {
  if (!exposed) return;
  process.emitWarning(
    `${name} is on another machine, and the connection to it is not encrypted: whoever is on the way can read and change what is sent. Add ?sslmode=verify-full to its URL, with &sslrootcert=FILE where an authority of your own signed the server's certificate.`,
  );
}

function parsed(url: string): ClientConfig {
  if (/^postgres(ql)?:\/\//.test(url)) {
    try {
      return parseIntoClientConfig(url);
    } catch (error) {
      if (typeof error === 'object' && error !== null && 'syscall' in error) {
        const message = `The event log in PostgreSQL can't be reached: a certificate or key that its URL names can't be read (${messageOf(error)}).`;
        throw new EventLogError('LOG_UNSUPPORTED', message, { cause: error });
      }
      // said below: the parser's own error quotes the URL
    }
  }
  const message =
    'The URL of the event log (not shown, it may hold a password) is not understood. Write postgres://user:password@host:port/database, and %-encode what is special in the password.';
  throw new EventLogError('LOG_UNSUPPORTED', message);
}
