import { Logger } from '@nestjs/common';
import { formatDuration } from '@opensqt/trading-events';
import { Registry } from 'prom-client';
import type { Samples } from './metric-view';
import type { AnyRegistry } from './registered-metrics';

/** The longest that a scrape waits for the collectors of the host; all of them run at once. */
const COLLECT_TIMEOUT_MS = 1_000;
/** A collector that hangs is called again after so long, not at each scrape: each call may hold a connection. */
const RETRY_HUNG_MS = 60_000;

const HUNG = Symbol('hung');

/** A metric as prom-client has it. */
interface Readable {
  get(): Promise<Samples>;
}

/**
 * Reads the metrics that are not ours, from the registry. A collector that throws or hangs costs its own
 * metric only, and is reported once until it works again.
 */
export class HostMetrics {
  private readonly logger = new Logger('Metrics');
  /** The time (steady clock) of the call that hangs, by metric. */
  private readonly hung = new Map<string, number>();
  private readonly failing = new Set<string>();

  constructor(
    private readonly registry: AnyRegistry,
    private readonly timeoutMs = COLLECT_TIMEOUT_MS,
  ) {}

  /** The lines by metric; those that could not be read are absent. */
  texts(names: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const registry = this.inText();
    return this.each(names, (name) => registry.getSingleMetricAsString(name));
  }

  /** The samples by metric; those that could not be read are absent. */
  samples(names: Iterable<string>): Promise<ReadonlyMap<string, Samples>> {
    return this.each(names, async (name) => {
      // Its types have the type as a number; it is the word.
      const metric = this.registry.getSingleMetric(name) as unknown as Readable | undefined;
      return metric?.get();
    });
  }

  private async each<Read>(
    names: Iterable<string>,
    read: (name: string) => Promise<Read | undefined>,
  ): Promise<ReadonlyMap<string, Read>> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.timeoutMs);
    const hung = new Promise<typeof HUNG>((resolve) =>
      late.signal.addEventListener('abort', () => resolve(HUNG)),
    );
    const found = new Map<string, Read>();
    await Promise.all(
      [...names]
        .filter((name) => !this.isHung(name))
        .map(async (name) => {
          const one = await Promise.race([this.one(name, read), hung]);
          if (one === HUNG) this.leaveHanging(name);
          else if (one !== undefined) found.set(name, one);
        }),
    );
    clearTimeout(timer);
    return found;
  }

  private async one<Read>(
    name: string,
    read: (name: string) => Promise<Read | undefined>,
  ): Promise<Read | undefined> {
    try {
      const found = await read(name);
      this.failing.delete(name);
      this.hung.delete(name);
      return found;
    } catch (error) {
      this.report(name, `failed: ${String(error)}`);
      return undefined;
    }
  }

  /** The registry as one that writes text: OpenMetrics is made of that, for whoever asks for it. */
  private inText(): AnyRegistry {
    const { registry } = this;
    if (!writesOpenMetrics(registry)) return registry;
    const { _defaultLabels = {} } = registry as unknown as { _defaultLabels?: object };
    const text = new Registry();
    text.setDefaultLabels(_defaultLabels);
    for (const { name } of registry.getMetricsAsArray()) {
      const metric = registry.getSingleMetric(name);
      if (metric !== undefined) text.registerMetric(metric);
    }
    return text;
  }

  private isHung(name: string): boolean {
    const since = this.hung.get(name);
    return since !== undefined && performance.now() - since < RETRY_HUNG_MS;
  }

  private leaveHanging(name: string): void {
    this.hung.set(name, performance.now());
    this.report(name, `did not answer within ${formatDuration(this.timeoutMs)}`);
  }

  private report(name: string, what: string): void {
    if (this.failing.has(name)) return;
    this.failing.add(name);
    this.logger.warn(
      `The collector of ${name} ${what}. The other metrics are shown without it; said once until it works again.`,
    );
  }
}

/** True when the application has set its registry to OpenMetrics. */
export function writesOpenMetrics({ contentType }: AnyRegistry): boolean {
  return String(contentType).startsWith('application/openmetrics-text');
}
