import { join } from 'node:path';
import { faultsOf } from './check-host';
import { Installation, pack } from './installation';
import { declaredPeers } from './peers';
import { Receivers } from './receivers';
import { describeHost, type Host } from './table';

/** Applications that run at once: they wait more than they compute. */
const CONCURRENCY = 2;

interface Surroundings {
  readonly repository: string;
  /** For tarballs, installations and logs. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/**
 * Starts each of the hosts, and a test with Jest on Nest 11, and says a line for each.
 *
 * @returns the number of those that are not as they should be
 */
export async function checkHosts(
  hosts: readonly Host[],
  { repository, folder, say }: Surroundings,
): Promise<number> {
  const tarballs = join(folder, 'packages');
  await pack(repository, tarballs);
  const peers = declaredPeers(repository);
  const made = new Map<string, Promise<Installation>>();
  const installation = ({ nest, manager }: Pick<Host, 'nest' | 'manager'>): Promise<Installation> => {
    const name = `${manager}-${nest}`;
    const one = made.get(name) ?? Installation.make(join(folder, name), tarballs, peers, { nest, manager });
    made.set(name, one);
    return one;
  };
  const receivers = await Receivers.start();
  const checks = [
    ...hosts.map((host, index) => ({
      name: describeHost(host),
      faults: async () => faultsOn(await installation(host), host, receivers, join(folder, `host_${index}`)),
    })),
    {
      name: 'Nest 11, npm, a test with Jest',
      faults: async () => {
        await (await installation({ nest: 11, manager: 'npm' })).jest();
        return [];
      },
    },
  ];
  let failed = 0;
  const queue = checks.values();
  const work = async (): Promise<void> => {
    for (const { name, faults } of queue) {
      const found = await faults().catch((error: unknown) => [
        error instanceof Error ? error.message : String(error),
      ]);
      if (found.length > 0) failed += 1;
      say(
        found.length === 0
          ? `ok       ${name}`
          : `FAILED   ${name}\n           ${found.join('\n           ')}`,
      );
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  await receivers.end();
  say(`${checks.length - failed} of ${checks.length} applications are as they should be.`);
  return failed;
}

async function faultsOn(
  installation: Installation,
  host: Host,
  receivers: Receivers,
  logs: string,
): Promise<readonly string[]> {
  const places = receivers.placesFor(logs);
  const started = installation.start(host, places);
  try {
    if (host.configured) {
      await started.printed('listening [');
      await started.eventually(() => receivers.haveAll(places), {
        what: 'its fills are in PostgreSQL, an alert came by e-mail, and metrics by OTLP',
      });
    }
    return await faultsOf(host, started);
  } finally {
    await started.end();
  }
}
