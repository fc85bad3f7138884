import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { eventually } from '@opensqt/trading-events/testing';
import { compileProgram } from './compiled-program';
import { REPOSITORY } from './market-maker-process';

/** A fenced block of a document. */
interface Block {
  readonly language: string;
  readonly text: string;
}

/** A command that goes on until it is ended, such as `npm start`. */
const SERVERS = /^(npm start|node app\.js)/;

/**
 * A document whose blocks are done in their order, as its reader would: files are written (their first line is a comment with the name),
 * programs compiled, commands run. A block without a language after a command holds what the command prints, in parts of lines.
 */
export class Guide {
  private readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly files: string[] = [];
  private readonly servers: ChildProcess[] = [];

  /** @param changes what is another on this machine: ports, addresses of providers; by the text in the document */
  constructor(
    private readonly name: string,
    private readonly changes: Readonly<Record<string, string>>,
  ) {
    // Inside the repository, so that programs find the packages as a user's would.
    this.folder = join(REPOSITORY, 'apps/market-maker-e2e/out-tsc/guides', name);
    mkdirSync(this.folder, { recursive: true });
    const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`;
    this.env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', PATH: path };
  }

  /** Does all of it, and gives how many commands were run. */
  async follow(): Promise<number> {
    let commands = 0;
    const blocks = blocksOf(readFileSync(join(REPOSITORY, `docs/${this.name}.md`), 'utf8'));
    for (const [i, { language, text }] of blocks.entries()) {
      const next = blocks[i + 1];
      const expected = next?.language === '' ? this.changed(next.text).trim().split('\n') : [];
      if (language === 'sh') {
        commands++;
        await this.command(this.changed(text), expected);
      } else if (language !== '') this.write(this.changed(text));
    }
    return commands;
  }

  /** Ends what it started and removes its files. */
  async clear(): Promise<void> {
    for (const server of this.servers) {
      if (server.pid === undefined || server.exitCode !== null) continue;
      const exit = once(server, 'exit');
      process.kill(-server.pid, 'SIGTERM'); // npm, and what it started
      await exit;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(text: string): void {
    const [, name = ''] = /^(?:#|\/\/) (\S+)\n/.exec(text) ?? [];
    const file = join(this.folder, name);
    writeFileSync(file, text.replaceAll('data/', `${this.folder}/data/`));
    this.files.push(name);
    if (!name.endsWith('.ts')) return;
    expect(compileProgram(file, this.folder)).toEqual([]);
    this.files.push(name.replace(/ts$/, 'js'));
  }

  private async command(text: string, expected: readonly string[]): Promise<void> {
    const exports = [...text.matchAll(/^export (\w+)=(.*)$/gm)];
    for (const [, name = '', value] of exports) this.env[name] = value;
    if (exports.length > 0) return;
    const script = this.files.reduce((line, file) => line.replaceAll(file, join(this.folder, file)), text);
    if (SERVERS.test(text)) await this.serve(script, expected);
    else await this.run(script, expected);
  }

  private async serve(script: string, expected: readonly string[]): Promise<void> {
    let output = '';
    const server = spawn('bash', ['-c', script], { cwd: REPOSITORY, env: this.env, detached: true });
    this.servers.push(server);
    for (const stream of [server.stdout, server.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    await eventually(() => expectLines(output, expected), {
      what: `${script} prints it`,
      showing: () => output,
    });
  }

  /** Once more until it prints what it should: what it asks may take a moment. */
  private async run(script: string, expected: readonly string[]): Promise<void> {
    await eventually(
      async () => {
        const output = await new Promise<string>((resolve) => {
          execFile('bash', ['-c', script], { cwd: REPOSITORY, env: this.env }, (_, stdout, stderr) =>
            resolve(stdout + stderr),
          );
        });
        expectLines(output, expected);
      },
      { what: `${script} prints it` },
    );
  }

  private changed(text: string): string {
    return Object.entries(this.changes).reduce((line, [from, to]) => line.replaceAll(from, to), text);
  }
}

function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

function expectLines(output: string, expected: readonly string[]): void {
  for (const line of expected) expect(output).toContain(line);
}
