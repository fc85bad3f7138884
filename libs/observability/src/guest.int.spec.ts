import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { register } from 'prom-client';
import { MetricsPage } from './metrics/http/metrics-page';
import { ObservabilityModule } from './observability.module';

const PROCESS_EVENTS = ['uncaughtException', 'unhandledRejection', 'warning', 'SIGTERM', 'SIGINT'] as const;
const listeners = () => PROCESS_EVENTS.map((name) => process.listenerCount(name));

describe('ObservabilityModule.forRoot(), in an application that says nothing more', () => {
  it('registers nothing that is of the whole process', async () => {
    register.clear();
    const before = listeners();
    const imports = [ObservabilityModule.forRoot()];
    const app = (await Test.createTestingModule({ imports }).compile()).createNestApplication({
      logger: false,
    });
    await app.listen(0, '127.0.0.1');
    try {
      const names = register.getMetricsAsArray().map(({ name }) => name);
      expect(names.length).toBeGreaterThan(20);
      expect(names.filter((name) => !name.startsWith('market_maker_'))).toEqual([]);
      const page = Buffer.concat((await app.get(MetricsPage).render()).body).toString();
      expect(page.match(/^# TYPE (?!market_maker_).*$/gm)).toBeNull();
      expect(() => app.get(EventEmitter2, { strict: false })).toThrow();
      expect(listeners()).toEqual(before);

      // Each is taken from who asks first.
      expect(metrics.setGlobalMeterProvider(new MeterProvider())).toBe(true);
      expect(trace.setGlobalTracerProvider(trace.getTracerProvider())).toBe(true);
      expect(context.setGlobalContextManager(contextManager())).toBe(true);
      expect(
        propagation.setGlobalPropagator({ inject() {}, extract: (given) => given, fields: () => [] }),
      ).toBe(true);
    } finally {
      for (const api of [metrics, trace, context, propagation]) api.disable();
      await app.close();
    }
  });
});

function contextManager(): Parameters<typeof context.setGlobalContextManager>[0] {
  const active = context.active();
  return {
    active: () => active,
    with: (_, run, self, ...args) => run.call(self as never, ...args),
    bind: (_, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  };
}
