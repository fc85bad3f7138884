import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { WatchedProcess, sourceArguments } from '@opensqt/event-log/testing';
import { notification } from '../testing/notification';

const SCRIPT = join(__dirname, 'testing/log-to-closed-output.ts');

/** A process that logs the alerts that it is sent. */
class LoggingProcess extends WatchedProcess {
  static async start(output: 'pipe' | number): Promise<LoggingProcess> {
    const stdio = ['ignore', output, output, 'ipc'] as const;
    const started = new LoggingProcess(sourceArguments(SCRIPT), { stdio: [...stdio] });
    expect(await started.message()).toBe('ready');
    return started;
  }

  async log(): Promise<unknown> {
    const answer = this.message();
    this.child.send(notification());
    return answer;
  }
}

describe('LogChannel in a process of its own', () => {
  let logging: LoggingProcess | undefined;
  afterEach(() => logging?.end());

  it('writes the alert to the standard streams', async () => {
    logging = await LoggingProcess.start('pipe');
    expect(await logging.log()).toBe('alive');
    await logging.printed(/FATAL.*\[Alert\].*CRITICAL · Circuit breaker tripped: BTCUSDT/);
  });

  it('lives on when nobody reads its output any more (EPIPE)', async () => {
    logging = await LoggingProcess.start('pipe');
    logging.closeOutput();
    for (let alert = 0; alert < 3; alert++) expect(await logging.log()).toBe('alive');
  });

  (existsSync('/dev/full') ? it : it.skip)('lives on when the disk is full (ENOSPC)', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      logging = await LoggingProcess.start(full);
      for (let alert = 0; alert < 3; alert++) expect(await logging.log()).toBe('alive');
    } finally {
      closeSync(full);
    }
  });
});
