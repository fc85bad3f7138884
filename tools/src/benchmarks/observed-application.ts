import { type INestApplicationContext, Logger } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { Test, type TestingModule } from '@nestjs/testing';
import { type EventLog, MemoryEventLog } from '@opensqt/event-log';
import { EVENT_LOG, ObservabilityModule } from '@opensqt/observability';
import { register } from 'prom-client';

/** An application that is observed: the real module, over a log in memory that keeps the newest records only. */
export async function observedApplication(log: EventLog = smallLog()): Promise<TestingModule> {
  register.clear();
  Logger.overrideLogger(false);
  const application = await Test.createTestingModule({
    imports: [EventEmitterModule.forRoot(), ObservabilityModule.forRoot({})],
  })
    .overrideProvider(EVENT_LOG)
    .useValue(log)
    .compile();
  return application.init();
}

/** Waits until everything that was emitted is in the log. */
export async function settled(application: INestApplicationContext): Promise<void> {
  await application.get<EventLog>(EVENT_LOG).flush();
  await new Promise((resolve) => setImmediate(resolve));
}

function smallLog(): EventLog {
  return new MemoryEventLog({ maxRecords: 10_000 });
}
