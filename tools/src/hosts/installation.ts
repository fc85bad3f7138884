import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WatchedProcess } from '@opensqt/event-log/testing';
import { type Edge, triedVersion } from './peers';
import type { Places } from './receivers';
import type { Host } from './table';

const run = promisify(execFile);

/** Packages that an application brings beside the peers: the newest of its Nest, and others. */
const NEST = ['@nestjs/platform-express', '@nestjs/platform-fastify'];
const OTHERS = { 'reflect-metadata': '^0.2.0', rxjs: '^7.8.0', tslib: '^2.8.0' };

/** The package managers' own versions. */
const PNPM = 'pnpm@12';

/** A folder outside of the workspace with packages of its own, from tarballs and from the registry, and the application in it. */
export class Installation {
  private constructor(readonly folder: string) {}

  /**
   * @param folder is made
   * @param tarballs the folder with what `npm pack` makes
   * @param peers that the packages declare
   * @throws Error (rejects) with what the package manager said, such as an unmet peer
   */
  static async make(
    folder: string,
    tarballs: string,
    peers: ReadonlyMap<string, string>,
    { nest, manager }: Pick<Host, 'nest' | 'manager'>,
  ): Promise<Installation> {
    await mkdir(folder, { recursive: true });
    const ours = await packedPackages(tarballs);
    const tried = new Map(
      [...peers].map(([name, range]) => [name, triedVersion(range, nest, edgeOf({ nest, manager }))]),
    );
    const hasJest = manager === 'npm' && nest === 11;
    const dependencies = {
      ...ours,
      ...Object.fromEntries(tried),
      ...OTHERS,
      ...Object.fromEntries(
        [...NEST, ...(hasJest ? ['@nestjs/testing'] : [])].map((name) => [name, `^${nest}.0.0`]),
      ),
      ...(hasJest ? { jest: '^30.0.0' } : {}),
    };
    await writeJson(join(folder, 'package.json'), {
      name: 'host',
      private: true,
      type: 'commonjs',
      dependencies,
    });
    if (manager === 'npm') {
      await inside(folder, 'npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']);
    } else {
      await writeJson(join(folder, 'pnpm-workspace.yaml'), {
        packages: ['.'],
        strictPeerDependencies: true,
        autoInstallPeers: false,
        strictDepBuilds: false, // Nest 11 itself has a script that asks for donations
        overrides: ours,
      });
      await inside(folder, 'npm', [
        'exec',
        '--yes',
        '--',
        PNPM,
        'install',
        '--no-frozen-lockfile',
        '--reporter=append-only',
      ]);
    }
    await cp(join(__dirname, 'application'), join(folder, 'application'), { recursive: true });
    await cp(join(folder, 'application/jest-host.js'), join(folder, 'host.test.js'));
    return new Installation(folder);
  }

  start(host: Host, places: Places): WatchedProcess {
    const args = ['application/main.js', JSON.stringify(host), JSON.stringify(places)];
    return new WatchedProcess(args, { cwd: this.folder });
  }

  /** Runs Jest with its defaults, whose modules are CommonJS. */
  async jest(): Promise<void> {
    await inside(this.folder, process.execPath, ['node_modules/jest/bin/jest.js']);
  }
}

export async function pack(repository: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await inside(repository, 'npm', [
    'run',
    '-s',
    'tarballs',
    '--',
    '--loglevel=error',
    '--pack-destination',
    folder,
  ]);
}

async function packedPackages(tarballs: string): Promise<Readonly<Record<string, string>>> {
  const files = (await readdir(tarballs)).filter((name) => name.endsWith('.tgz'));
  return Object.fromEntries(
    files.map((file) => [
      file.replace(/^opensqt-(.*)-\d+\.\d+\.\d+.*\.tgz$/, '@opensqt/$1'),
      `file:${join(tarballs, file)}`,
    ]),
  );
}

/** The lowest and the newest of all that is declared are each installed by one of the two, with each version of Nest. */
function edgeOf({ nest, manager }: Pick<Host, 'nest' | 'manager'>): Edge {
  return (manager === 'npm') === (nest === 11) ? 'lowest' : 'newest';
}

async function inside(cwd: string, command: string, args: readonly string[]): Promise<void> {
  await run(command, args, { cwd, env: { ...process.env, NODE_OPTIONS: '', CI: 'true' } }).catch(
    (error: { readonly stdout: string; readonly stderr: string }) => {
      throw new Error(`${[command, ...args].join(' ')} failed:\n${error.stdout}${error.stderr}`.trim());
    },
  );
}

async function writeJson(path: string, value: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
