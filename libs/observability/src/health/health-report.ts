import type { ComponentHealth } from './component-health';

/** The answer of `/health`, in the shape of @nestjs/terminus, which need not be installed. */
export interface HealthReport {
  readonly status: 'ok' | 'degraded' | 'error' | 'shutting_down';
  /** Components that are up, or degraded. */
  readonly info: Readonly<Record<string, ComponentHealth>>;
  /** Components that are down. */
  readonly error: Readonly<Record<string, ComponentHealth>>;
  /** All of them. */
  readonly details: Readonly<Record<string, ComponentHealth>>;
}

/** The report of components; the application that shuts down says so, whatever they are. */
export function healthReport(
  components: readonly (readonly [name: string, health: ComponentHealth])[],
  isShuttingDown: boolean,
): HealthReport {
  const ofStatus = (isDown: boolean) =>
    Object.fromEntries(components.filter(([, { status }]) => (status === 'down') === isDown));
  const info = ofStatus(false);
  const error = ofStatus(true);
  const isDegraded = components.some(([, { status }]) => status === 'degraded');
  const worst = Object.keys(error).length > 0 ? 'error' : isDegraded ? 'degraded' : 'ok';
  return { status: isShuttingDown ? 'shutting_down' : worst, info, error, details: { ...info, ...error } };
}
