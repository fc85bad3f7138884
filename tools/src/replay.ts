import { parseArgs } from 'node:util';
import { openSqliteEventLog } from '@opensqt/event-log';
import { ProjectedState, metricsProjection, renderMetrics } from '@opensqt/observability';
import { print, position, runCommand } from './command-line';
import { Progress } from './progress';

const HELP = `Rebuilds the projections from an event log and prints the metrics as /metrics would.

Usage: npm run -s replay -- [options]
  --log FILE  the log (default: data/events.db); it may be in use by a running market maker
  --to N      stop after position N (default: the log's end)
  --help      this text
`;

async function replay(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      log: { type: 'string', default: 'data/events.db' },
      to: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  const to = position('to', values.to);
  const log = await openSqliteEventLog({ path: values.log, readOnly: true });
  try {
    const status = log.status();
    const last = Math.min(to ?? status.position, status.position);
    const metrics = ProjectedState.of(metricsProjection);
    const progress = new Progress('events replayed', last);
    let now = 0;
    for await (const { facts } of log.readFacts({ to: last })) {
      for (const fact of facts) {
        metrics.apply(fact);
        now = Math.max(now, fact.occurredAt);
      }
      progress.advance(facts.length);
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
