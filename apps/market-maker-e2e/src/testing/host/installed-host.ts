import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WatchedProcess } from '@opensqt/event-log/testing';
import * as ts from 'typescript';
import { REPOSITORY } from '../market-maker-process';

const run = promisify(execFile);

/** A folder outside of the workspace with packages of its own, from tarballs and from the registry. */
export class InstalledHost {
  private readonly started: WatchedProcess[] = [];

  private constructor(readonly folder: string) {}

  /** Makes a package in an empty folder, and installs the packages of that other folder and further ones. */
  static async install(tarballs: string, others: readonly string[]): Promise<InstalledHost> {
    const folder = mkdtempSync(join(tmpdir(), 'opensqt-host-'));
    const packed = readdirSync(tarballs).map((name) => join(tarballs, name));
    await run('npm', ['init', '-y'], { cwd: folder });
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packed, ...others], {
      cwd: folder,
    });
    return new InstalledHost(folder);
  }

  /** Writes a program, `NAME.ts` with the `NAME.js` that is started. */
  write(name: string, source: string): void {
    writeFileSync(join(this.folder, `${name}.ts`), source);
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2021,
        module: ts.ModuleKind.CommonJS,
        esModuleInterop: true,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
      },
    });
    writeFileSync(join(this.folder, `${name}.js`), outputText);
  }

  /** Starts a program that was written. */
  start(
    name: string,
    { arg, env }: { readonly arg?: object; readonly env?: NodeJS.ProcessEnv },
  ): WatchedProcess {
    const args = [`${name}.js`, ...(arg === undefined ? [] : [JSON.stringify(arg)])];
    const started = new WatchedProcess(args, { cwd: this.folder, env: { ...env } });
    this.started.push(started);
    return started;
  }

  /** Runs a command of the installed package. */
  async opensqt(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(process.execPath, ['node_modules/.bin/opensqt', ...args], {
      cwd: this.folder,
      env: { ...process.env, OPENSQT_TOKEN: 'secret' },
    });
    return stdout;
  }

  /** Checks the types of a program, and of the packages, as an application with an older target does. */
  async checkTypes(name: string): Promise<void> {
    const compiler = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
    const options = ['--noEmit', '--strict', '--target', 'es2021', '--module', 'nodenext', '--types', 'node'];
    const decorators = ['--experimentalDecorators', '--emitDecoratorMetadata', '--ignoreConfig'];
    await run(process.execPath, [compiler, ...options, ...decorators, `${name}.ts`], {
      cwd: this.folder,
    }).catch(({ stdout }: { readonly stdout: string }) => {
      throw new Error(stdout);
    });
  }

  /** Ends what still runs and removes the folder. */
  async clear(): Promise<void> {
    for (const started of this.started) await started.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function pack(folder: string): Promise<void> {
  const to = ['--loglevel=error', '--pack-destination', folder];
  await run('npm', ['run', '-s', 'tarballs', '--', ...to], { cwd: REPOSITORY });
}
