import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type Metric, Registry, collectDefaultMetrics, register } from 'prom-client';
import { isMetricView } from './metric-view';

/** A metric with the name that prom-client's types leave out. */
export type AnyMetric = Metric & { readonly name: string };

/** Node's metrics, made once: each making would leave observers of the process behind. */
let defaults: readonly AnyMetric[] | undefined;

/** Our metrics and Node's in prom-client's global registry, from init until the application has ended. */
export class RegisteredMetrics implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Metrics');
  private readonly foreign = new Set<string>();
  private registered: AnyMetric[] = [];

  constructor(private readonly views: readonly AnyMetric[]) {}

  onModuleInit(): void {
    for (const view of this.views) if (!this.add(view)) this.leave(view);
    for (const metric of defaultMetrics()) this.add(metric);
  }

  onApplicationShutdown(): void {
    for (const metric of this.registered)
      if (register.getSingleMetric(metric.name) === metric) register.removeSingleMetric(metric.name);
    this.registered = [];
  }

  /** True when a metric of the application itself has that name. */
  isForeign(name: string): boolean {
    return this.foreign.has(name);
  }

  /** Of two applications in one process, the later one is in the registry. */
  private add(metric: AnyMetric): boolean {
    const present = register.getSingleMetric(metric.name);
    if (present !== undefined) {
      if (!isMetricView(present)) return false;
      register.removeSingleMetric(metric.name);
    }
    register.registerMetric(metric);
    this.registered.push(metric);
    return true;
  }

  private leave({ name }: AnyMetric): void {
    this.foreign.add(name);
    this.logger.warn(`The application has a metric ${name} of its own, which is shown in place of ours.`);
  }
}

function defaultMetrics(): readonly AnyMetric[] {
  if (defaults === undefined) {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    defaults = registry.getMetricsAsArray() as unknown as readonly AnyMetric[];
  }
  return defaults;
}
