import { aligned } from '@opensqt/configuration/command-line';
import type { DrillReport, TestResult } from '@opensqt/observability';
import { formatDuration } from '@opensqt/trading-events';
import { OperatorError } from './operator-api';
import { iso } from './silence-lines';

type Answer = DrillReport['alerts'][number]['channels'][number];

/**
 * The outcome of a test, a line a channel.
 *
 * @throws OperatorError with the same lines when a channel did not deliver
 */
export function testLines(results: readonly TestResult[]): readonly string[] {
  const lines = aligned(
    results.map(({ channel, delivered, detail }) => [
      channel,
      delivered ? 'delivered' : 'NOT DELIVERED',
      detail,
    ]),
  );
  const failed = results.filter(({ delivered }) => !delivered).length;
  if (failed === 0) return lines;
  throw new OperatorError([`${failed} of ${results.length} channels did not deliver.`, ...lines].join('\n'));
}

/** The outcome of a drill: a line for each level and channel, and who is notified of what. */
export function drillLines({ drillId, alerts }: DrillReport): readonly string[] {
  const rows = alerts.flatMap(({ level, channels }) =>
    channels.map((one) => [level, one.channel, answerWords(one)]),
  );
  const notified = alerts.map(({ level, channels }) => {
    const names = channels.filter(({ answer }) => answer === 'notified').map(({ channel }) => channel);
    return `${level} notifies ${names.join(', ') || 'nobody'}`;
  });
  return [`drill ${drillId}`, ...aligned(rows), ...notified];
}

function answerWords(one: Answer): string {
  switch (one.answer) {
    case 'notified':
      return 'notified';
    case 'undecided':
      return 'not decided in time: is the process that decides well? See /health';
    case 'held': {
      const until = one.until === undefined ? '' : ` until ${iso(one.until)}`;
      const later =
        one.unacknowledgedAfter === undefined
          ? ''
          : `; notified of a real one that nobody acknowledges within ${formatDuration(one.unacknowledgedAfter)}`;
      return `held: ${one.reason}${until}${later}`;
    }
  }
}
