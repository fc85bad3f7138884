import type { Type } from '@nestjs/common';
import { type Clock, systemClock } from '@opensqt/trading-events';
import {
  type Violation,
  describeViolations,
  list,
  parseOptions,
  rule,
  text,
} from '@opensqt/trading-events/options';
import type { Registry, RegistryContentType } from 'prom-client';
import { z } from 'zod';
import type { AlertChannel } from '../channels/channel';
import type { AnyProjection } from '../projections/projection';
import type { BreakerPort } from './breaker-port';
import { accessOptions, sharedTokens, tokenOption, tokensOption } from './access.options';
import { consoleOptions } from './console.options';
import { alertsOptions, unknownChannels } from './alerts.options';
import { eventLogOptions } from './event-log.options';
import { nameOption } from './name.options';
import { rulesOption } from './rules.options';
import { telemetryOptions } from './telemetry.options';

/** The one source of the module's options: types, defaults, what is refused, and what documents say about them. */
export const observabilityOptions = z
  .strictObject({
    /** The bot: in every message, alert label and record. @default 'opensqt' */
    name: nameOption,
    /** `/metrics`. */
    telemetry: telemetryOptions(false),
    /** The alerts, and who is notified. */
    alerts: alertsOptions,
    /** The page. */
    console: consoleOptions,
    /** The durable record of what happened. */
    eventLog: eventLogOptions('memory'),
    /** The symbols that may be labels; events of others are refused. Absent: any, up to a bound. */
    symbols: list(text({ allowed: 'a symbol such as BTCUSDT' })).optional(),
    /**
     * Projections of one's own, kept with snapshots beside those of metrics, health and alerts: after a restart their
     * state is there without reading the whole log. @default []
     */
    projections: list(z.custom<AnyProjection>(isProjection, 'a projection')).prefault([]),
    /** Channels of one's own, besides the built-in ones; Nest makes them. @default [] */
    channels: list(z.custom<Type<AlertChannel>>(isClass, 'the class of a channel')).prefault([]),
    /** Conditions of one's own, besides the built-in ones. @default [] */
    rules: rulesOption,
    /** The application's breakers, for `POST /breakers/:scope/reset`. Absent: they can't be reset from there. */
    breakers: z.custom<BreakerPort>(isBreakerPort, 'an object with reset()').optional(),
    /** The registry of prom-client that `/metrics` shows, ours among its metrics. @default prom-client's global one */
    registry: z.custom<Registry<RegistryContentType>>(isRegistry, 'a Registry of prom-client').optional(),
    /** The clock that decisions run on. @default the wall clock */
    clock: z.custom<Clock>(isClock, 'a clock: an object with now()').default(() => systemClock),
    /** Bearer token that requests which change alerts or reset breakers need. Without one, and without `apiTokens` that may, they are refused. A secret. */
    apiToken: tokenOption.optional(),
    /** Named tokens: what is done with one is recorded under its name. @default [] */
    apiTokens: tokensOption,
    /** The rules of who is answered. */
    access: accessOptions,
    /** Shown in `market_maker_build_info`. @default '0.0.0' */
    version: text({ allowed: 'a version such as 1.2.0' }).prefault('0.0.0'),
  })
  .superRefine(rule(['alerts', 'channels'], unknownChannels))
  .superRefine(rule(['apiToken', 'apiTokens'], (tokens) => sharedTokens(tokens, ['apiTokens'])));

/**
 * The options of `ObservabilityModule.forRoot()`; all of them optional. Durations are milliseconds or a text such as `4h`, sizes
 * bytes or a text such as `2GB`. Secret texts may be `{ file: PATH }`: what that file holds.
 *
 * @example
 * ObservabilityModule.forRoot({
 *   eventLog: { kind: 'sqlite', path: 'data/events.db' },
 *   alerts: { slack: { enabled: true, webhookUrl: { file: '/run/secrets/slack' } } },
 * });
 */
export type ObservabilityOptions = z.input<typeof observabilityOptions>;

export type AlertsOptions = NonNullable<ObservabilityOptions['alerts']>;
export type EventLogOptions = NonNullable<ObservabilityOptions['eventLog']>;

/** The options with their defaults: durations in milliseconds, sizes in bytes, amounts as decimal strings. */
export type ResolvedOptions = z.output<typeof observabilityOptions>;

/** Something in the options is wrong; the application does not start. */
export class ObservabilityOptionsError extends Error {
  override readonly name = 'ObservabilityOptionsError';
  readonly code = 'OPTIONS_INVALID';

  /** @param violations everything that is wrong, at least one; nothing in it is a secret */
  constructor(readonly violations: readonly Violation[]) {
    super(`The options of ObservabilityModule are wrong:\n${describeViolations(violations)}`);
  }
}

/**
 * The options with their defaults.
 *
 * @throws ObservabilityOptionsError with every violation
 */
export function resolveOptions(options: ObservabilityOptions): ResolvedOptions {
  return parseOptions(
    observabilityOptions,
    options,
    (violations) => new ObservabilityOptionsError(violations),
  );
}

function isProjection(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'name' in value && 'evolve' in value;
}

function isBreakerPort(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'reset' in value && typeof value.reset === 'function';
}

function isRegistry(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'registerMetric' in value && 'contentType' in value;
}

function isClass(value: unknown): boolean {
  return typeof value === 'function';
}

function isClock(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'now' in value && typeof value.now === 'function';
}
