import { isAbsolute, resolve } from 'node:path';
import { type DynamicModule, type FactoryProvider, Logger, Module } from '@nestjs/common';
import { type EventLog, openEventLog } from '@opensqt/event-log';
import type { ResolvedOptions } from '../options/observability-options';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import { CommittedProjections } from '../projections/committed-projections';
import { type EventWitness, LiveProjections } from '../projections/live-projections';
import { LiveStateStore } from '../projections/live-state-store';
import type { AnyProjection, ProjectedState } from '../projections/projection';
import { ApplicationEmitters } from './application-emitters';
import { EventListener } from './event-listener';
import { DeferredEventLog, EVENT_LOG } from './event-log';
import { EventRecorder, KNOWN_SYMBOLS } from './event-recorder';
import { Ingest } from './ingest';
import { LogRestore, SNAPSHOT_SCHEDULE } from './log-restore';
import { TradingEvents } from './trading-events';

/** The states of the application that events are folded into: the ingest knows no room that reads. */
interface Readers {
  /** Providers of the states that every event is folded into at once. */
  readonly live: readonly FactoryProvider<ProjectedState<unknown>>[];
  /** Providers of those that hear every event. */
  readonly witnesses: readonly FactoryProvider<EventWitness>[];
  /** The projections of what is committed, besides those of the options. */
  readonly committed: readonly AnyProjection[];
}

/** Provides a part of the options. */
function option(provide: symbol, read: (options: ResolvedOptions) => unknown): FactoryProvider {
  return { provide, inject: [OBSERVABILITY_OPTIONS], useFactory: read };
}

/** Tests that are started anywhere would leave logs everywhere, or append to the one that is traded on. */
function warnOfRelativePath({ kind, path }: ResolvedOptions['eventLog']): void {
  if (kind !== 'sqlite' || isAbsolute(path) || process.env['NODE_ENV'] !== 'test') return;
  new Logger('EventLog').warn(
    `A test writes to the event log ${resolve(path)}: eventLog.path is relative. Keep the log of tests in memory, or in a folder of theirs.`,
  );
}

/** Listens, judges, folds and appends. */
@Module({})
export class IngestModule {
  static feeding({ live, witnesses, committed }: Readers, options: DynamicModule): DynamicModule {
    const states = live.map(({ provide }) => provide);
    const hearing = witnesses.map(({ provide }) => provide);
    return {
      module: IngestModule,
      imports: [options],
      providers: [
        ...live,
        ...witnesses,
        option(
          EVENT_LOG,
          ({ name: bot, eventLog }) =>
            new DeferredEventLog(() => {
              warnOfRelativePath(eventLog);
              return openEventLog({ ...eventLog, bot });
            }),
        ),
        option(KNOWN_SYMBOLS, ({ symbols }) => symbols),
        option(
          SNAPSHOT_SCHEDULE,
          ({
            eventLog: {
              kind,
              snapshotEvents: events,
              snapshotInterval: intervalMs,
              snapshotHistory: history,
            },
          }) => (kind === 'memory' ? undefined : { events, intervalMs, history }),
        ),
        {
          provide: LiveProjections,
          inject: [...states, ...hearing],
          useFactory: (...given: (ProjectedState<unknown> | EventWitness)[]) =>
            new LiveProjections(
              given.slice(0, states.length) as ProjectedState<unknown>[],
              given.slice(states.length) as EventWitness[],
              new Logger('Events'),
            ),
        },
        {
          provide: LiveStateStore,
          inject: [EVENT_LOG],
          useFactory: (log: EventLog) => new LiveStateStore(log, new Logger('Snapshots')),
        },
        {
          provide: CommittedProjections,
          inject: [EVENT_LOG, OBSERVABILITY_OPTIONS],
          useFactory: (log: EventLog, { projections }: ResolvedOptions) =>
            new CommittedProjections([...committed, ...projections], log, new Logger('Snapshots')),
        },
        ApplicationEmitters,
        EventListener,
        LogRestore,
        EventRecorder,
        Ingest,
        TradingEvents,
      ],
      exports: [EVENT_LOG, EventRecorder, LiveProjections, TradingEvents, ...states, ...hearing],
    };
  }
}
