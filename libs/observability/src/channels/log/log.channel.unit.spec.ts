import { EventEmitter } from 'node:events';
import { type AlertLogger, LogChannel, logLine } from './log.channel';
import { notification } from '../testing/notification';

type Line = readonly [level: keyof AlertLogger, line: unknown];

function recordingLogger(): { readonly logger: AlertLogger; readonly lines: Line[] } {
  const lines: Line[] = [];
  const writer = (level: keyof AlertLogger) => (line: unknown) => void lines.push([level, line]);
  return {
    lines,
    logger: { log: writer('log'), warn: writer('warn'), error: writer('error'), fatal: writer('fatal') },
  };
}

describe('LogChannel', () => {
  it.each([
    ['INFO', 'raised', 'log'],
    ['WARNING', 'raised', 'warn'],
    ['ERROR', 'escalated', 'error'],
    ['CRITICAL', 'repeated', 'fatal'],
    ['CRITICAL', 'resolved', 'log'],
  ] as const)('writes %s, %s, at the log level %s', async (level, kind, expected) => {
    const { logger, lines } = recordingLogger();

    await new LogChannel(logger).send(notification({ level, kind }));

    expect(lines).toEqual([[expected, expect.stringContaining('Circuit breaker tripped: BTCUSDT')]]);
  });

  it('writes everything in one line', () => {
    const line = logLine(notification({ possibleDuplicate: true, delayedMs: 61_000 }));

    expect(line).toBe(
      'CRITICAL · Circuit breaker tripped: BTCUSDT | Drawdown reached 6 % (limit 5 %). Trading is stopped.' +
        ' | Scope="BTCUSDT" Threshold="5 %" | possible duplicate | delayed by 1 min 1 s | 2026-11-24 03:12:07 UTC' +
        ' | alert 0192f0c1-2f0a-7c3e-9b1d-5a2f6f1e7c11',
    );
  });

  it('lets no text forge a line or a field', () => {
    const forged = 'x"\n2026 ERROR [Alert] forged\r\u2028\u001b[2K level="INFO';
    const line = logLine(notification({ title: forged, message: forged, fields: { [forged]: forged } }));

    expect(line).not.toMatch(/[\p{Cc}\u2028]/u);
    expect(line).toMatch(/="x\\" 2026 ERROR \[Alert\] forged +\[2K level=\\"INFO" \|/);
  });

  it('survives a logger that throws', async () => {
    const { logger } = recordingLogger();
    const broken = new LogChannel({
      ...logger,
      fatal: () => {
        throw new Error('ENOSPC');
      },
    });

    await expect(broken.send(notification())).resolves.toBeUndefined();
  });

  it('survives an output that fails later, and listens to it once', () => {
    const output = new EventEmitter();
    const { logger } = recordingLogger();
    const channels = [new LogChannel(logger, [output]), new LogChannel(logger, [output])];

    expect(output.emit('error', new Error('EPIPE'))).toBe(true);
    expect(output.listenerCount('error')).toBe(channels.length - 1);
  });
});
