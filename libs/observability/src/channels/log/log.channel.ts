import { Logger } from '@nestjs/common';
import { assertNever } from '@opensqt/trading-events';
import type { AlertChannel, AlertNotification } from '../channel';
import { formatAlert, plainHeadline } from '../message/message';
import { oneLine } from '../../format/plain-text';
import { type OutputStream, surviveBrokenOutput } from './survive-broken-output';

/** The part of Nest's `Logger` that alerts are written with. */
export type AlertLogger = Pick<Logger, 'log' | 'warn' | 'error' | 'fatal'>;

/**
 * Writes every alert to the application's log, a line each, at the log level that matches: the channel that is always there.
 * It never fails. When standard output is closed or its disk is full, the line is lost and the process lives.
 *
 * @example
 * await new LogChannel().send(notification);
 * // FATAL [Alert] CRITICAL · Circuit breaker tripped: BTCUSDT | drawdown reached 6 % … | Scope="BTCUSDT" | 2026-11-24 03:12:07 UTC
 */
export class LogChannel implements AlertChannel {
  readonly name = 'log';
  readonly acknowledgements = true;
  /** The events of a line, that it is begun and that it is written, take a commit each: many share one. */
  readonly concurrency = 16;

  constructor(
    private readonly logger: AlertLogger = new Logger('Alert'),
    outputs: readonly OutputStream[] = [process.stdout, process.stderr],
  ) {
    outputs.forEach(surviveBrokenOutput);
  }

  send(notification: AlertNotification): Promise<void> {
    try {
      write(this.logger, notification);
    } catch {
      // Nothing is left to report it to.
    }
    return Promise.resolve();
  }
}

function write(logger: AlertLogger, notification: AlertNotification): void {
  const line = logLine(notification);
  if (notification.kind === 'resolved' || notification.kind === 'acknowledged') return logger.log(line);
  switch (notification.level) {
    case 'INFO':
      return logger.log(line);
    case 'WARNING':
      return logger.warn(line);
    case 'ERROR':
      return logger.error(line);
    case 'CRITICAL':
      return logger.fatal(line);
    default:
      return assertNever(notification.level);
  }
}

/** All of a notification in one line. Values are quoted, so that none can pass for another field. */
export function logLine(notification: AlertNotification): string {
  const parts = formatAlert(notification);
  const { body, fields, marks, time, runbook } = parts;
  const pairs = fields.map(({ name, value }) => `${name}=${JSON.stringify(oneLine(value))}`);
  return [
    plainHeadline(parts),
    oneLine(body),
    pairs.join(' '),
    ...marks,
    ...(runbook === undefined ? [] : [runbook]),
    time,
    `alert ${oneLine(notification.alertId)}`,
  ]
    .filter((part) => part !== '')
    .join(' | ');
}
