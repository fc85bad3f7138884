import { Client, type ClientConfig, Pool, type QueryResultRow, types } from 'pg';
import type { PostgresAddress } from './postgres-address';
import { codeOf } from './postgres-failure';

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

/** The server undid a transaction because of another one, as it may where the database's default isolation is stricter than usual. */
const UNDONE = new Set(['40001', '40P01']);
const MAX_RUNS = 20;

/** Runs one statement. */
export type Run = <Row extends QueryResultRow>(
  sql: string,
  values?: readonly unknown[],
) => Promise<readonly Row[]>;

function configOf({ config }: PostgresAddress, process: string): ClientConfig {
  return {
    ...config,
    application_name: process.slice(0, 63),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    types: numbers,
  };
}

/** The connections that statements run on. One that failed is dropped, and made anew when it is needed. */
export class Connections {
  private readonly pool: Pool;

  /** @param process the name of this process in pg_stat_activity */
  constructor(
    address: PostgresAddress,
    readonly process: string,
  ) {
    this.pool = new Pool({ ...configOf(address, process), max: CONNECTIONS, idleTimeoutMillis: 0 });
    this.pool.on('error', () => undefined); // an idle connection broke; the next statement gets another
  }

  /** Runs a statement, which is a transaction of its own: one that the server undid because of another is run again. */
  async run<Row extends QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    for (let runs = 1; ; runs++) {
      try {
        return (await this.pool.query<Row>(sql, [...values])).rows;
      } catch (error) {
        if (runs === MAX_RUNS || !UNDONE.has(codeOf(error) ?? '')) throw error;
      }
    }
  }

  /**
   * Runs statements in one transaction: all of them or none.
   *
   * @param timeoutMs the time that each of them may take
   */
  async transaction<Result>(
    work: (run: Run) => Promise<Result>,
    mode = 'ISOLATION LEVEL READ COMMITTED',
    timeoutMs = ANSWER_TIMEOUT_MS,
  ): Promise<Result> {
    const client = await this.pool.connect();
    const run: Run = async <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) => {
      const query = { text, values: [...values], query_timeout: timeoutMs };
      return (await client.query<Row>(query)).rows;
    };
    try {
      await run(`BEGIN ${mode}`);
      const result = await work(run);
      await run('COMMIT');
      client.release();
      return result;
    } catch (error) {
      client.release(true); // the server undoes it
      throw error;
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

/** A connection of its own for LISTEN. */
export function listeningClient(address: PostgresAddress, process: string): Client {
  return new Client(configOf(address, process));
}
