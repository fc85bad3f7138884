import { resolve } from 'node:path';
import { type ProcessResult, runSource } from '@opensqt/event-log/testing';

/** Gives a process the version of an older Node, before anything else of it runs. */
function asNode(version: string): NodeJS.ProcessEnv {
  const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}

const load = (library: string, version: string): Promise<ProcessResult> =>
  runSource(resolve(__dirname, 'testing/loading.ts'), [library], { env: asNode(version) });

describe('a Node that is too old', () => {
  it.each(['20.20.2', '22.14.0'])('is refused by the commands in one sentence: %s', async (version) => {
    expect(await runSource(resolve(__dirname, 'opensqt.ts'), ['alerts'], { env: asNode(version) })).toEqual({
      status: 1,
      stdout: '',
      stderr: `opensqt needs Node 22.15 or newer; this is Node ${version}.\n`,
    });
  });

  it.each(['trading-events', 'trading', 'observability'])(
    'is refused by the library %s in one sentence, without a stack',
    async (name) => {
      const { status, stderr } = await load(`@opensqt/${name}`, '20.20.2');
      expect(status).toBe(1);
      expect(stderr).toContain('OpenSQT needs Node 22.15 or newer; this is Node 20.20.2.');
      expect(stderr).not.toMatch(/^ +at /m);
    },
  );

  it('is not one of 22.15', async () => {
    expect(await load('@opensqt/event-log', '22.15.0')).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});
