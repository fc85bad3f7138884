import type { INestApplication, LoggerService } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import type { EventLog } from '@opensqt/event-log';
import { type AnyEvent, EVENT_TYPES, parseEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { type Make, anyCandidate, hostileValue, nearEvent } from '@opensqt/trading-events/testing/events';
import fc from 'fast-check';
import { register } from 'prom-client';
import request from 'supertest';
import { AlertService } from '../../alerts/runtime/alert.service';
import { ObservabilityModule } from '../../observability.module';
import type { RootOptions } from '../../options/options.module';
import { EVENT_LOG } from '../event-log';
import { EventRecorder } from '../event-recorder';

/** Later than any event that is emitted, and standing still: what is due is due before the stop. */
const NOW = 1_700_003_600_000;
/** Begins at zero with the process, or says how it works and not what happened. */
const OF_THE_PROCESS =
  /^market_maker_(events_rejected|event_log_(?!position)|alerts_sender|build|replay|uptime)/;

/** Everything that an application says about what happened. */
interface Said {
  readonly metrics: readonly string[];
  readonly health: Readonly<Record<string, unknown>>;
  readonly alerts: unknown;
  readonly events: readonly AnyEvent[];
}

/** An emission: the name, and a value that is made when it is emitted. */
interface Emission {
  readonly name: string;
  readonly make: Make;
}

/** Right events, nearly right ones, and anything at all, under names of ours and of others. */
const emissions: fc.Arbitrary<readonly Emission[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: anyCandidate().map((event): Emission => ({ name: event.type, make: () => event })),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom<string>(...EVENT_TYPES), nearEvent())
        .map(([name, make]): Emission => ({ name, make })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.oneof(fc.constantFrom<string>(...EVENT_TYPES), fc.constant('other')), hostileValue)
        .map(([name, make]): Emission => ({ name, make })),
    },
  ),
  { minLength: 20, maxLength: 80, size: 'max' },
);

const nothing = (): void => undefined;
const SILENT: LoggerService = { log: nothing, warn: nothing, error: nothing };

/** A real application with the module, on a log that it can be started on again. */
class FuzzedApplication {
  private constructor(private readonly app: INestApplication) {}

  static async start(eventLog: RootOptions['eventLog']): Promise<FuzzedApplication> {
    register.clear();
    const testing = await Test.createTestingModule({
      imports: [
        EventEmitterModule.forRoot(),
        ObservabilityModule.forRoot({ eventLog, clock: { now: () => NOW } }),
      ],
    })
      .setLogger(SILENT)
      .compile();
    const app = await testing.createNestApplication().init();
    await app.get(EventRecorder).ready();
    return new FuzzedApplication(app);
  }

  /** Emits all of them. Throws what an emission throws. */
  emit(given: readonly Emission[]): void {
    const emitter = this.app.get(EventEmitter2);
    for (const { name, make } of given) emitter.emit(name, make());
  }

  /** The application's answers once everything is decided and sent. */
  async said(): Promise<Said> {
    await this.settled();
    const server: unknown = this.app.getHttpServer();
    const page = await request(server as never).get('/metrics');
    const { body } = (await request(server as never).get('/health')) as {
      body: { details: Record<string, Record<string, unknown>> };
    };
    const shown = Object.entries(body.details).filter(([name]) => /^(exchange_|trading|alert)/.test(name));
    // Whether something was sent through a channel is known since the start only.
    const health = Object.fromEntries(shown.map(([name, { states: _, ...known }]) => [name, known]));
    const alerts = this.app.get(AlertService);
    return {
      // A series that only live events know of comes after the others once it is restored.
      metrics: page.text
        .split('\n')
        .filter((line) => /^market_maker/.test(line) && !OF_THE_PROCESS.test(line))
        .toSorted(),
      health,
      alerts: [alerts.active(), alerts.history(1_000), alerts.silences(), alerts.deadLetters()],
      events: await this.events(),
    };
  }

  async stop(): Promise<void> {
    await this.app.close();
  }

  private async events(): Promise<readonly AnyEvent[]> {
    const found: AnyEvent[] = [];
    for await (const records of this.app.get<EventLog>(EVENT_LOG).read())
      found.push(...records.map(({ event }) => event));
    return found;
  }

  private async settled(): Promise<void> {
    const log = this.app.get<EventLog>(EVENT_LOG);
    const alerts = this.app.get(AlertService);
    let quiet = 0;
    let last = -1;
    await eventually(
      async () => {
        await log.flush();
        const { position } = log.status();
        const isQuiet =
          position === last && alerts.vitals().decided === position && alerts.channelHealth().pending === 0;
        quiet = isQuiet ? quiet + 1 : 0;
        last = position;
        // What is due by time is looked for each 100 ms.
        return quiet > 15;
      },
      { within: 30_000 },
    );
  }
}

/**
 * Emits whatever comes through a real application, stops it in order and starts it again: nothing is thrown, and it says exactly what
 * it said before.
 *
 * @param logOf the options of a log of its own for each run
 */
export async function expectNothingLost(logOf: () => RootOptions['eventLog'], runs: number): Promise<void> {
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', onUnhandled);
  try {
    await fc.assert(
      fc.asyncProperty(emissions, async (given) => {
        const eventLog = logOf();
        const first = await FuzzedApplication.start(eventLog);
        let before: Said;
        try {
          first.emit(given);
          before = await first.said();
        } finally {
          await first.stop();
        }
        for (const event of before.events) expect(parseEvent(event)).toEqual(event);
        expect(before.metrics.length).toBeGreaterThan(0);
        if (eventLog?.kind !== 'memory') {
          const second = await FuzzedApplication.start(eventLog);
          try {
            expect(await second.said()).toEqual(before);
          } finally {
            await second.stop();
          }
        }
        expect(unhandled).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
}
