import { Client, type ClientConfig, Pool, type QueryResultRow, types } from 'pg';
import type { PostgresAddress } from './postgres-address';

/** A server that has not finished by then is taken for stuck; what it did is undone. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** A server that has not answered by then is taken for gone: its machine, or the network, fell silent. */
const ANSWER_TIMEOUT_MS = 20_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** One to write, one to read, one for leases, one for whoever records under a lease. */
const CONNECTIONS = 4;

const INT8 = 20;
/** Positions are far below 2⁵³: numbers, not text. */
const numbers: ClientConfig['types'] = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : types.getTypeParser(oid, format as 'text'),
};

/** A statement of the log: prepared once per connection, under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

function configOf({ config }: PostgresAddress, process: string): ClientConfig {
  return {
    ...config,
    application_name: process.slice(0, 63),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    types: numbers,
  };
}

/** The connections that statements run on. One that failed is dropped, and made anew when it is needed. */
export class Connections {
  private readonly pool: Pool;

  /** @param process how the server calls this process in pg_stat_activity */
  constructor(
    address: PostgresAddress,
    readonly process: string,
  ) {
    this.pool = new Pool({ ...configOf(address, process), max: CONNECTIONS, idleTimeoutMillis: 0 });
    this.pool.on('error', () => undefined); // an idle connection broke; the next statement gets another
  }

  async run<Row extends QueryResultRow>(
    { name, text }: Statement,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const { rows } = await this.pool.query<Row>({ name, text, values: [...values] });
    return rows;
  }

  /** Several statements, without values, in one transaction. */
  async script(sql: string): Promise<void> {
    await this.pool.query(sql);
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

/** A connection of its own for LISTEN. */
export function listeningClient(address: PostgresAddress, process: string): Client {
  return new Client(configOf(address, process));
}
