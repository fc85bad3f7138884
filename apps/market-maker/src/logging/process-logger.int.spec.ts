import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createLogger } from './process-logger';
import { surviveClosedOutput } from './closed-output';

const SECRET = 'https://hooks.example/services/T0P/SECRET';

/** The text that the action writes to stdout and stderr. */
function written(action: () => void): string {
  const chunks: string[] = [];
  const collect = (chunk: unknown): boolean => chunks.push(String(chunk)) > 0;
  const spies = [process.stdout, process.stderr].map((output) =>
    jest.spyOn(output, 'write').mockImplementation(collect),
  );
  try {
    action();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return chunks.join('');
}

describe('createLogger', () => {
  it('writes one JSON object per line when nobody reads along', () => {
    const logger = createLogger({ terminal: false });
    const lines = written(() => {
      logger.log('started', 'Main');
      logger.error(new Error('two\nlines'), 'Main');
    });
    const records: unknown[] = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records).toMatchObject([
      { level: 'log', message: 'started', context: 'Main' },
      { level: 'error', message: 'two\nlines' },
    ]);
  });

  it('writes coloured lines for a person', () => {
    const lines = written(() => createLogger({ terminal: true }).warn('slow', 'Main'));
    expect(lines).toMatch(/WARN/);
    expect(lines).toContain('\u001b[');
    expect(lines).toContain('slow');
  });

  it.each([true, false])('writes nothing raw that steers a terminal (terminal: %s)', (terminal) => {
    const hostile = 'a\u001b[2Jb\u009b31mc\u202ed\u2028e\r[Alert] forged';
    const lines = written(() => {
      const logger = createLogger({ terminal });
      logger.warn(hostile, 'Main');
      logger.error(new Error(hostile), 'Main');
      logger.error('failed', `Error: ${hostile}\n    at somewhere`, 'Main');
      logger.log(`first\n[Alert] forged`, 'Main');
    });
    // eslint-disable-next-line no-control-regex -- these are the characters in question
    expect(lines).not.toMatch(/[\r\u0080-\u009f\u2028\u202e]|\u001b\[2J/);
    expect(lines).not.toMatch(/^\[Alert\]/m);
  });

  it.each([true, false])('keeps secrets out wherever they are (terminal: %s)', (terminal) => {
    const logger = createLogger({ terminal, secrets: [SECRET] });
    const error = new Error(`POST ${SECRET} failed`, { cause: new Error(`at ${SECRET}`) });
    const lines = written(() => {
      logger.log(`sent to ${SECRET}`, 'Main');
      logger.log('parameters', { url: SECRET }, 'Main');
      logger.error(error, 'Main');
      logger.error('failed', error.stack, 'Main');
      logger.fatal({ nested: { url: SECRET } });
    });
    expect(lines).toContain('***');
    expect(lines).not.toContain('T0P');
  });
});

describe('surviveClosedOutput', () => {
  it('lets a write fail when nobody reads any more', async () => {
    const closeInput = "require('fs').closeSync(0); console.log('closed'); setInterval(() => {}, 1000)";
    const reader = spawn(process.execPath, ['-e', closeInput], { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      surviveClosedOutput([reader.stdin]);
      await once(reader.stdout, 'data');
      // Not once(): it listens for errors too.
      const closed = new Promise((resolve) => reader.stdin.on('close', resolve));
      reader.stdin.write('a line for nobody');
      await closed;
      expect(reader.stdin.errored).toMatchObject({ code: 'EPIPE' });
    } finally {
      reader.kill();
    }
  });
});
