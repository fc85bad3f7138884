import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WatchedProcess, sourceArguments } from '@opensqt/event-log/testing';

const script = sourceArguments(join(__dirname, 'testing/hanging-application.ts'));

describe('a process whose application does not end', () => {
  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'is ended at %s all the same, and says what that means',
    async (signal) => {
      const hanging = new WatchedProcess(script);
      try {
        await hanging.printed('waits');
        expect(await hanging.end(signal)).toEqual({ code: 1, signal: null });
        expect(hanging.output).toContain('Not everything could be ended within 9.5 s.');
      } finally {
        await hanging.end('SIGKILL');
      }
    },
  );

  it('is ended as process 1 too, as in a container', async () => {
    const namespace = spawn('unshare', ['-Urpf', process.execPath, ...script]);
    let output = '';
    for (const stream of [namespace.stdout, namespace.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = once(namespace, 'exit');
    await once(namespace.stdout, 'data');
    const { pid } = namespace;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    process.kill(Number(children.trim()), 'SIGTERM');
    expect(await ended).toEqual([1, null]);
    expect(output).toContain('process 1 waits');
    expect(output).toContain('Not everything could be ended within 9.5 s.');
  });
});
