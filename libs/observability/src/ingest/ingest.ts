import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import { EventListener } from './event-listener';
import { DeferredEventLog, InjectEventLog } from './event-log';
import { EventRecorder } from './event-recorder';
import { settlesWithin } from './settles-within';

/** A start waits for its replay at most so long; then the server answers, and says 503 until the replay is done. */
const REPLAY_PATIENCE_MS = 500;

/**
 * Starts and stops the way of an event, in its order: listener, recorder, log. It closes the log that it has opened; one that
 * somebody else provides is theirs to open and to close.
 */
@Injectable()
export class Ingest implements OnModuleInit, OnApplicationShutdown {
  private stopping: Promise<void> | undefined;

  constructor(
    @InjectEventLog() private readonly log: EventLog,
    private readonly listener: EventListener,
    private readonly recorder: EventRecorder,
  ) {}

  async onModuleInit(): Promise<void> {
    this.listener.start((candidate) => this.recorder.record(candidate));
    try {
      if (this.log instanceof DeferredEventLog) await this.log.open();
    } catch (error) {
      this.listener.stop();
      throw error;
    }
    await settlesWithin(REPLAY_PATIENCE_MS, this.recorder.start());
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping ??= this.stop();
    await this.stopping;
  }

  private async stop(): Promise<void> {
    this.listener.stop();
    await this.recorder.stop();
    if (this.log instanceof DeferredEventLog) await this.log.close();
  }
}
