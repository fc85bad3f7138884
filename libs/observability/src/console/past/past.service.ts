import { resolve } from 'node:path';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import { messageOf } from '../../format/format';
import { EVENT_LOG } from '../../ingest/event-log';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { ConsoleProblem } from '../http/console-problem';
import { PastThread } from './past-thread-handle';
import { Historian, type Knowledge, type Question, STATUS_OF, refusalOf } from './questions';

/** States of the past that are rebuilt at once. */
const AT_WORK = 2;
/** Questions about the present that wait for one of them to end. */
const MAX_WAITING = 50;
/** A thread that nobody has asked for so long is ended, and its memory with it. */
const IDLE_MS = 60_000;

type Ask = (question: Question) => Promise<string | undefined>;

interface Desk {
  readonly ask: Ask;
  readonly stop: () => Promise<void>;
  idle: NodeJS.Timeout | undefined;
}

/**
 * Answers what has to be read from the log. A log in files or a database is read by threads of their own; one in memory is read here, it is
 * as small as it has to be.
 */
@Injectable()
export class PastService implements OnModuleDestroy {
  private readonly free: Desk[];
  private readonly desks: readonly Desk[];
  private readonly waiting: ((desk: Desk) => void)[] = [];

  constructor(@Inject(EVENT_LOG) log: EventLog, @Inject(OBSERVABILITY_OPTIONS) options: ResolvedOptions) {
    this.desks = Array.from({ length: AT_WORK }, () => deskOf(log, options));
    this.free = [...this.desks];
  }

  async onModuleDestroy(): Promise<void> {
    for (const { idle } of this.desks) clearTimeout(idle);
    await Promise.all(this.desks.map(({ stop }) => stop()));
  }

  /**
   * Answers a question.
   *
   * @param isPatient true: waits for its turn, rather than to be told to try again
   * @returns JSON; undefined: there is no such thing
   * @throws ConsoleProblem (rejects) 503 `TOO_MANY_AT_WORK`, `LOG_UNREADABLE`; 400 `AMBIGUOUS_ID`, `RUN_TOO_LONG`; 404 `POSITION_DROPPED`
   */
  async ask(question: Question, isPatient: boolean): Promise<string | undefined> {
    const desk = await this.desk(isPatient);
    try {
      return await desk.ask(question);
    } catch (error) {
      if (error instanceof ConsoleProblem) throw error;
      const message = messageOf(error);
      const refusal = refusalOf(error);
      if (refusal !== undefined) throw new ConsoleProblem(STATUS_OF[refusal], refusal, message);
      throw new ConsoleProblem(503, 'LOG_UNREADABLE', `The log could not be read: ${message}`);
    } finally {
      this.leave(desk);
    }
  }

  private async desk(isPatient: boolean): Promise<Desk> {
    const desk = this.free.pop();
    if (desk !== undefined) {
      clearTimeout(desk.idle);
      return desk;
    }
    if (!isPatient || this.waiting.length >= MAX_WAITING) {
      const message = `${AT_WORK} states of the past are being rebuilt already. Try again in a moment.`;
      throw new ConsoleProblem(503, 'TOO_MANY_AT_WORK', message, 1);
    }
    return new Promise((resolved) => this.waiting.push(resolved));
  }

  private leave(desk: Desk): void {
    const next = this.waiting.shift();
    if (next !== undefined) return next(desk);
    desk.idle = setTimeout(() => void desk.stop(), IDLE_MS).unref();
    this.free.push(desk);
  }
}

function deskOf(log: EventLog, { name: bot, symbols, eventLog, alerts }: ResolvedOptions): Desk {
  const knowledge: Knowledge = { symbols, runbookBaseUrl: alerts.runbookBaseUrl };
  const { kind, path, url, schema, retention } = eventLog;
  if (kind === 'memory') {
    const ask: Ask = async (question) => {
      const answer = await new Historian(log, knowledge).answer(question);
      return answer === undefined ? undefined : JSON.stringify(answer);
    };
    return { ask, stop: () => Promise.resolve(), idle: undefined };
  }
  const { archivePath } = retention;
  const thread = new PastThread({
    log: { kind, path: resolve(path), url, schema, bot, archivePath },
    knowledge,
  });
  return { ask: (question) => thread.ask(question), stop: () => thread.stop(), idle: undefined };
}
