import { once } from 'node:events';
import { chown } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { Client } from 'pg';

/** `nobody` on Linux: PostgreSQL and pgbouncer refuse to run as root. */
const NOBODY = 65_534;

export const asRoot = process.getuid?.() === 0;

/** Options of a child process that may not be root's. */
export const unprivileged = asRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** Lets such a process have a file or a folder. */
export async function giveAway(path: string): Promise<void> {
  if (asRoot) await chown(path, NOBODY, NOBODY);
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** True when one can log in there. */
export async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
