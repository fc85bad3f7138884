import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { notification } from '../testing/notification';

const SCRIPT = join(__dirname, '../testing', 'log-to-closed-output.js');

describe('LogChannel in a process of its own', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill());

  async function started(output: 'pipe' | number): Promise<ChildProcess> {
    child = spawn(process.execPath, ['--conditions=@opensqt/source', SCRIPT], {
      stdio: ['ignore', output, output, 'ipc'],
    });
    expect(await once(child, 'message')).toContain('ready');
    return child;
  }

  async function tell(to: ChildProcess): Promise<unknown> {
    to.send(notification());
    const [said] = (await Promise.race([once(to, 'message'), once(to, 'exit')])) as unknown[];
    return said;
  }

  it('writes the alert to the standard streams', async () => {
    const process = await started('pipe');
    const written = Promise.all([process.stdout, process.stderr].map((stream) => stream && text(stream)));

    expect(await tell(process)).toBe('alive');
    process.disconnect();
    expect((await written).join('')).toMatch(/FATAL.*\[Alert\].*CRITICAL · Circuit breaker tripped: BTCUSDT/);
  });

  it('lives on when nobody reads its output any more (EPIPE)', async () => {
    const process = await started('pipe');
    process.stdout?.destroy();
    process.stderr?.destroy();

    for (let alert = 0; alert < 3; alert++) expect(await tell(process)).toBe('alive');
  });

  (existsSync('/dev/full') ? it : it.skip)('lives on when the disk is full (ENOSPC)', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      const process = await started(full);

      for (let alert = 0; alert < 3; alert++) expect(await tell(process)).toBe('alive');
    } finally {
      closeSync(full);
    }
  });
});
