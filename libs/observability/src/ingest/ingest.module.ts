import { type DynamicModule, type FactoryProvider, Logger, Module } from '@nestjs/common';
import { type EventLog, openEventLog } from '@opensqt/event-log';
import type { ResolvedOptions } from '../options/observability-options';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import { CommittedProjections } from '../projections/committed-projections';
import { LiveProjections } from '../projections/live-projections';
import { LiveStateStore } from '../projections/live-state-store';
import type { AnyProjection, ProjectedState } from '../projections/projection';
import { EventListener } from './event-listener';
import { DeferredEventLog, EVENT_LOG } from './event-log';
import { EventRecorder, KNOWN_SYMBOLS } from './event-recorder';
import { Ingest } from './ingest';
import { LogRestore, SNAPSHOT_SCHEDULE } from './log-restore';

/** The states of the application that events are folded into: the ingest knows no room that reads. */
interface Readers {
  /** Providers of the states that every event is folded into at once. */
  readonly live: readonly FactoryProvider<ProjectedState<unknown>>[];
  /** The projections of what is committed, besides those of the options. */
  readonly committed: readonly AnyProjection[];
}

/** Provides a part of the options. */
function option(provide: symbol, read: (options: ResolvedOptions) => unknown): FactoryProvider {
  return { provide, inject: [OBSERVABILITY_OPTIONS], useFactory: read };
}

/** Listens, judges, folds and appends. */
@Module({})
export class IngestModule {
  static feeding({ live, committed }: Readers, options: DynamicModule): DynamicModule {
    const states = live.map(({ provide }) => provide);
    return {
      module: IngestModule,
      imports: [options],
      providers: [
        ...live,
        option(EVENT_LOG, ({ eventLog }) => new DeferredEventLog(() => openEventLog(eventLog))),
        option(KNOWN_SYMBOLS, ({ symbols }) => symbols),
        option(
          SNAPSHOT_SCHEDULE,
          ({ eventLog: { kind, snapshotEvents: events, snapshotInterval: intervalMs } }) =>
            kind === 'memory' ? undefined : { events, intervalMs },
        ),
        {
          provide: LiveProjections,
          inject: states,
          useFactory: (...projected: ProjectedState<unknown>[]) =>
            new LiveProjections(projected, new Logger('Events')),
        },
        {
          provide: LiveStateStore,
          inject: [EVENT_LOG, OBSERVABILITY_OPTIONS],
          useFactory: (log: EventLog, { eventLog: { writer } }: ResolvedOptions) =>
            new LiveStateStore(log, writer, new Logger('Snapshots')),
        },
        {
          provide: CommittedProjections,
          inject: [EVENT_LOG, OBSERVABILITY_OPTIONS],
          useFactory: (log: EventLog, { projections }: ResolvedOptions) =>
            new CommittedProjections([...committed, ...projections], log, new Logger('Snapshots')),
        },
        EventListener,
        LogRestore,
        EventRecorder,
        Ingest,
      ],
      exports: [EVENT_LOG, EventRecorder, LiveProjections, ...states],
    };
  }
}
