import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type Metric, Registry, type RegistryContentType, collectDefaultMetrics } from 'prom-client';
import { isMetricView } from './metric-view';

/** A metric with the name that prom-client's types leave out. */
export type AnyMetric = Metric & { readonly name: string };

/** A registry that writes Prometheus' text or OpenMetrics. */
export type AnyRegistry = Registry<RegistryContentType>;

/** Injection token of the {@link AnyRegistry} that `/metrics` shows. */
export const METRICS_REGISTRY = Symbol('METRICS_REGISTRY');

/** Node's metrics, made once: each making would leave observers of the process behind. */
let defaults: readonly AnyMetric[] | undefined;

/** Our metrics, and where it is asked for Node's, in the registry, from init until the application has ended. */
export class RegisteredMetrics implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Metrics');
  private readonly foreign = new Set<string>();
  private registered: AnyMetric[] = [];

  constructor(
    private readonly registry: AnyRegistry,
    private readonly views: readonly AnyMetric[],
    private readonly withDefaults: boolean,
  ) {}

  onModuleInit(): void {
    for (const view of this.views) if (!this.add(view)) this.leave(view);
    if (this.withDefaults) for (const metric of defaultMetrics()) this.add(metric);
  }

  onApplicationShutdown(): void {
    const { registry } = this;
    for (const metric of this.registered)
      if (registry.getSingleMetric(metric.name) === metric) registry.removeSingleMetric(metric.name);
    this.registered = [];
  }

  /** True when a metric of the application itself has that name. */
  isForeign(name: string): boolean {
    return this.foreign.has(name);
  }

  /** Of two applications in one process, the later one is in the registry. */
  private add(metric: AnyMetric): boolean {
    const present = this.registry.getSingleMetric(metric.name);
    if (present !== undefined) {
      if (!isMetricView(present)) return false;
      this.registry.removeSingleMetric(metric.name);
    }
    this.registry.registerMetric(metric);
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
