import {
  type DynamicModule,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import type { EventLog } from '@opensqt/event-log';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { AlertService } from './alerts/runtime/alert.service';
import type { AlertChannel, AlertNotification } from './channels/channel';
import { SlackChannel } from './channels/slack/slack.channel';
import { EVENT_LOG } from './ingest/event-log';
import { MetricsPage } from './metrics/http/metrics-page';
import { ObservabilityModule } from './observability.module';

const tripped = createEvent('circuit_breaker.tripped', {
  scope: 'BTCUSDT',
  reason: 'max_drawdown',
  value: '6',
  threshold: '5',
  cooldownMs: 600_000,
});

const quiet = (): void => undefined;
const SILENT = { log: quiet, warn: quiet, error: quiet, fatal: quiet };

/** A service of the host. */
@Injectable()
class Gateway {
  readonly lines: string[] = [];
}

@Module({ providers: [Gateway], exports: [Gateway] })
class GatewayModule {}

/** A channel of the host's own. */
@Injectable()
class SmsChannel implements AlertChannel, OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  readonly name = 'sms';

  constructor(private readonly gateway: Gateway) {}

  onModuleInit(): void {
    this.gateway.lines.push('connected');
  }

  onModuleDestroy(): void {
    this.gateway.lines.push('closing');
  }

  onApplicationShutdown(signal?: string): void {
    this.gateway.lines.push(`closed by ${signal}`);
  }

  send({ level, title }: AlertNotification): Promise<void> {
    this.gateway.lines.push(`${level} ${title}`);
    return Promise.resolve();
  }
}

describe('ObservabilityModule', () => {
  const started: TestingModule[] = [];
  afterEach(async () => {
    for (const testing of started.splice(0)) await testing.close();
  });

  async function start(
    observability: DynamicModule,
    change: (builder: TestingModuleBuilder) => TestingModuleBuilder = (builder) => builder,
  ): Promise<TestingModule> {
    const imports = [EventEmitterModule.forRoot(), GatewayModule, observability];
    const testing = await change(Test.createTestingModule({ imports })).setLogger(SILENT).compile();
    started.push(testing);
    await testing.init();
    testing.get(EventEmitter2).emit(tripped.type, tripped);
    return testing;
  }

  const isOpen = (testing: TestingModule) => () => testing.get(AlertService).active().length === 1;

  it('constructs no channel that is not enabled', async () => {
    const testing = await start(ObservabilityModule.forRoot());

    expect(testing.get(SlackChannel)).toBeUndefined();
  });

  it('sends through what a test overrides the provider of Slack with', async () => {
    const sent: string[] = [];
    const slack: AlertChannel = {
      name: 'slack',
      send: ({ title }) => Promise.resolve(void sent.push(title)),
    };
    const webhookUrl = 'https://slack.example/hook';
    await start(
      ObservabilityModule.forRoot({ alerts: { slack: { enabled: true, webhookUrl } } }),
      (builder) => builder.overrideProvider(SlackChannel).useValue(slack),
    );

    await eventually(() => expect(sent).toEqual(['Circuit breaker tripped: BTCUSDT']));
  });

  it.each([
    ['forRoot', ObservabilityModule.forRoot({ imports: [GatewayModule], channels: [SmsChannel] })],
    [
      'forRootAsync',
      ObservabilityModule.forRootAsync({
        imports: [GatewayModule],
        channels: [SmsChannel],
        useFactory: () => ({}),
      }),
    ],
    [
      'the factory of forRootAsync',
      ObservabilityModule.forRootAsync({
        imports: [GatewayModule],
        useFactory: () => ({ channels: [SmsChannel] }),
      }),
    ],
  ])('injects into a channel that %s names, and calls its hooks', async (_, observability) => {
    const testing = await start(observability);
    const { lines } = testing.get(Gateway);
    await eventually(() => lines.length > 1);
    await started.pop()?.close();

    expect(lines).toEqual([
      'connected',
      'CRITICAL Circuit breaker tripped: BTCUSDT',
      'closing',
      'closed by undefined',
    ]);
  });

  it('refuses two channels of one name', async () => {
    @Injectable()
    class OtherLog implements AlertChannel {
      readonly name = 'log';
      send(): Promise<void> {
        return Promise.resolve();
      }
    }

    await expect(start(ObservabilityModule.forRoot({ channels: [OtherLog] }))).rejects.toThrow(
      "Two alert channels are called 'log'. Give each a name of its own.",
    );
  });

  it('is injected where it is imported, and everywhere unless it is told otherwise', async () => {
    @Injectable()
    class Desk {
      constructor(readonly alerts: AlertService) {}
    }
    @Module({ providers: [Desk] })
    class FarModule {}
    const far = (observability: DynamicModule) => () =>
      Test.createTestingModule({ imports: [FarModule, observability] }).compile();
    @Module({ providers: [Desk], imports: [ObservabilityModule.forRoot({ isGlobal: false })] })
    class NearModule {}

    expect((await far(ObservabilityModule.forRoot())()).get(Desk).alerts).toBeInstanceOf(AlertService);
    await expect(far(ObservabilityModule.forRoot({ isGlobal: false }))()).rejects.toThrow('Desk');
    const near = await Test.createTestingModule({ imports: [NearModule] }).compile();
    expect(near.get(Desk).alerts).toBeInstanceOf(AlertService);
    await near.init();
    expect(near.get(MetricsPage).onApplication).toBe(true);
    await near.close();
  });

  it('shares nothing between two registrations', async () => {
    const one = await start(ObservabilityModule.forRoot({ version: '1' }));
    await eventually(isOpen(one));
    const other = await Test.createTestingModule({ imports: [ObservabilityModule.forRoot()] })
      .setLogger(SILENT)
      .compile();
    started.push(other);
    await other.init();

    expect(other.get(AlertService).active()).toEqual([]);
    expect(other.get<EventLog>(EVENT_LOG)).not.toBe(one.get<EventLog>(EVENT_LOG));
  });
});
