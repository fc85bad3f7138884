import { parseArgs } from 'node:util';
import { ProjectedState, metricsProjection, renderMetrics } from '@opensqt/observability';
import { print, position, runCommand } from './command-line';
import { LOG_OPTIONS, LOG_OPTIONS_HELP, openLog } from './open-log';
import { Progress } from './progress';

const HELP = `Rebuilds the projections from an event log and prints the metrics as /metrics would.

Usage: npm run -s replay -- [options]
${LOG_OPTIONS_HELP}
  --to N       stop after position N (default: the log's end)
  --help       this text
`;

async function replay(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      ...LOG_OPTIONS,
      to: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  const to = position('to', values.to);
  const log = await openLog(values);
  try {
    const status = log.status();
    const last = Math.min(to ?? status.position, status.position);
    const metrics = ProjectedState.of(metricsProjection);
    const progress = new Progress('events replayed', last);
    let now = 0;
    for await (const records of log.read({ to: last })) {
      for (const { event } of records) {
        metrics.apply(event);
        now = Math.max(now, event.occurredAt);
      }
      progress.advance(records.length);
    }
    progress.end();
    const source = {
      state: metrics.current,
      now,
      log: { ...status, position: last },
      rejections: [],
      version: 'replay',
    };
    await print(await renderMetrics(source));
  } finally {
    await log.close();
  }
}

void runCommand('replay', () => replay(process.argv.slice(2)));
