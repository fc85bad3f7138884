import { EventLogError, MemoryEventLog } from '@opensqt/event-log';
import { resolveOptions } from '../../options/observability-options';
import type { ConsoleProblem } from '../http/console-problem';
import { PastService } from './past.service';

/** A log that is read only once it is let. */
class GatedLog extends MemoryEventLog {
  private open: () => void = () => undefined;
  private readonly gate = new Promise<void>((resolve) => (this.open = resolve));

  override async snapshots(): Promise<readonly never[]> {
    await this.gate;
    return [];
  }

  release(): void {
    this.open();
  }
}

const overview = { kind: 'overview', end: 0, head: 0 } as const;

describe('States of the past', () => {
  it('are rebuilt two at a time; a third is told to try again, and what is patient waits for its turn', async () => {
    const log = new GatedLog({});
    const past = new PastService(log, resolveOptions({}));
    const working = [past.ask(overview, false), past.ask(overview, false)];
    const refusal = await past.ask(overview, false).catch((error: ConsoleProblem) => error);
    expect(refusal).toMatchObject({ status: 503, code: 'TOO_MANY_AT_WORK', retryAfter: 1 });
    const patient = past.ask(overview, true);
    log.release();
    for (const answer of [...(await Promise.all(working)), await patient])
      expect(JSON.parse(answer ?? '')).toMatchObject({ mode: 'past', position: 0 });
    expect(await past.ask(overview, false)).toBeDefined();
    await past.onModuleDestroy();
    await log.close();
  });

  it('are said to be gone where they cannot be rebuilt, rather than to be asked for again', async () => {
    const log = new MemoryEventLog({});
    const gone = new EventLogError('LOG_DROPPED', 'events before position 301 have been dropped');
    jest.spyOn(log, 'snapshots').mockRejectedValue(gone);
    const past = new PastService(log, resolveOptions({}));
    const refusal = await past.ask(overview, false).catch((error: ConsoleProblem) => error);
    expect(refusal).toMatchObject({ status: 404, code: 'POSITION_DROPPED', message: gone.message });
    await past.onModuleDestroy();
    await log.close();
  });
});
