import type { INestApplication, LoggerService, Type } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import type { EventLog } from '@opensqt/event-log';
import type { Clock, TradingEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import request from 'supertest';
import { EVENT_LOG } from '../../../ingest/event-log';
import { ObservabilityModule } from '../../../observability.module';
import type { ObservabilityOptions } from '../../../options/observability-options';
import type { AlertChannel } from '../../../channels/channel';
import type { AlertRule } from '../../rules/alert-rule';
import { AlertService } from '../../runtime/alert.service';
import { WALL_CLOCK } from '../../model/alert-tokens';

export interface AlertApplicationOptions {
  /** The SQLite file of the log. @default a log in memory */
  readonly path?: string;
  /** The bot. */
  readonly name?: string;
  readonly alerts?: ObservabilityOptions['alerts'];
  readonly channels?: Type<AlertChannel>[];
  readonly rules?: readonly AlertRule[];
  readonly wallClock?: Clock;
  readonly clock?: Clock;
}

/** The whole module in this process, on a log on disk, and all that it says. */
export class AlertApplication {
  private constructor(
    private readonly app: INestApplication,
    private readonly logger: LoggerService,
    /** Its log, line by line. */
    readonly lines: readonly string[],
  ) {}

  /** Starts, or starts again, on that log. */
  static async start(options: AlertApplicationOptions): Promise<AlertApplication> {
    const { path, name, alerts = {}, channels = [], rules = [], wallClock, clock } = options;
    register.clear();
    const module = ObservabilityModule.forRoot({
      imports: [EventEmitterModule.forRoot()],
      ...(name === undefined ? {} : { name }),
      eventLog: path === undefined ? { kind: 'memory' } : { kind: 'sqlite', path },
      alerts,
      channels,
      rules,
      ...(clock === undefined ? {} : { clock }),
    });
    const lines: string[] = [];
    const logger = keeping(lines);
    const testing = Test.createTestingModule({ imports: [module] }).setLogger(logger);
    if (wallClock !== undefined) testing.overrideProvider(WALL_CLOCK).useValue(wallClock);
    const app = (await testing.compile()).createNestApplication({ logger });
    await app.init();
    return new AlertApplication(app, logger, lines);
  }

  get alerts(): AlertService {
    return this.app.get(AlertService);
  }

  get<Provider>(type: Type<Provider>): Provider {
    return this.app.get(type);
  }

  /** The log, open. */
  get log(): EventLog {
    return this.app.get<EventLog>(EVENT_LOG);
  }

  /** The details of the alerts in `/health`. */
  async health(): Promise<Readonly<Record<string, unknown>>> {
    const { body } = await request(this.app.getHttpServer()).get('/health');
    return (body as { details: { alerts: Record<string, unknown> } }).details.alerts;
  }

  emit(...events: readonly TradingEvent[]): void {
    for (const event of events) this.app.get(EventEmitter2).emit(event.type, event);
  }

  /** Resolves once no message waits any more, after all that was emitted has been decided on. */
  async settled(): Promise<void> {
    await this.app.get<EventLog>(EVENT_LOG).flush();
    await new Promise((resolve) => setTimeout(resolve, 10));
    await eventually(() => this.alerts.channelHealth().pending === 0, { what: 'no message waits' });
  }

  /** The outcomes of a channel's messages: the types of its events, with outcome or reason. */
  async deliveries(channel: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const { event } of await this.records()) {
      if (!event.type.startsWith('delivery.')) continue;
      const { data } = event;
      if (!('channel' in data) || data.channel !== channel) continue;
      const detail = 'outcome' in data ? ` ${data.outcome}` : 'reason' in data ? ` ${data.reason}` : '';
      found.push(event.type + detail);
    }
    return found;
  }

  async records() {
    const log = this.app.get<EventLog>(EVENT_LOG);
    await log.flush();
    const all = [];
    for await (const records of log.read()) all.push(...records);
    return all;
  }

  /** Everything that anybody can see of it: log lines, events, metrics and answers over HTTP. */
  async everythingSaid(): Promise<string> {
    const pages = ['/metrics', '/health', '/alerts', '/alerts/history', '/alerts/silences'];
    const answers: string[] = [];
    for (const page of pages) answers.push((await request(this.app.getHttpServer()).get(page)).text);
    for (const { name } of [{ name: 'slack' }, { name: 'telegram' }]) {
      const post = request(this.app.getHttpServer())
        .post('/alerts/test')
        .set('authorization', 'Bearer token');
      answers.push((await post.send({ channel: name })).text);
    }
    answers.push(JSON.stringify(this.alerts.deadLetters()), JSON.stringify(await this.records()));
    return [...answers, ...this.lines].join('\n');
  }

  /** The value of a series on the metrics page. */
  async metric(series: string): Promise<number | undefined> {
    const { text } = await request(this.app.getHttpServer()).get('/metrics');
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  }

  /** Makes every line that is logged throw, until the function that it returns is called. */
  breakLogger(): () => void {
    const fail = (): void => {
      throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    };
    const { log, warn, error, fatal } = this.logger;
    Object.assign(this.logger, { log: fail, warn: fail, error: fail, fatal: fail });
    return () => void Object.assign(this.logger, { log, warn, error, fatal });
  }

  async stop(): Promise<void> {
    await this.app.close();
  }
}

function keeping(lines: string[]): LoggerService {
  const keep = (message: unknown, ...rest: readonly unknown[]): void =>
    void lines.push([message, ...rest].map(String).join(' '));
  return { log: keep, warn: keep, error: keep, fatal: keep };
}
