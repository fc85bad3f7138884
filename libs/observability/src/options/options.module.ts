import { ConfigurableModuleBuilder, Module, type ModuleMetadata } from '@nestjs/common';
import { isClose, nearest, parseOptions } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { type HttpRoutes, httpOptions } from './http.options';
import {
  type ObservabilityOptions,
  ObservabilityOptionsError,
  type ResolvedOptions,
  observabilityOptions,
  resolveOptions,
} from './observability-options';

/** Settings of the module itself, besides its options. */
export interface ModuleExtras {
  /** `AlertService`, the metrics and the rest can be injected everywhere without importing the module again. @default true */
  isGlobal?: boolean | undefined;
  /** Modules whose providers the channels of one's own need. */
  imports?: ModuleMetadata['imports'] | undefined;
  /**
   * Channels of one's own, as providers of Nest: a test can override them. Those that only the factory of `forRootAsync` knows can't
   * be, and are constructed all the same.
   */
  channels?: ObservabilityOptions['channels'];
  /**
   * The paths that are answered in the application, false for each that is left to others. The application's global prefix, guards,
   * interceptors, pipes, filters and versions are not for them, except what is named. @default { metrics: '/metrics', health: '/health', alerts: '/alerts', api: '/api/v1', console: '/observability', prefix: false, guards: [], logAddresses: true, metadata: {} }
   */
  http?: z.input<typeof httpOptions>;
}

/** @throws ObservabilityOptionsError with every violation */
export function resolveRoutes(http: ModuleExtras['http']): HttpRoutes {
  const schema = z.strictObject({ http: httpOptions });
  return parseOptions(schema, { http }, (violations) => new ObservabilityOptionsError(violations)).http;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: GIVEN_OPTIONS } =
  new ConfigurableModuleBuilder<ObservabilityOptions>({ moduleName: 'Observability' })
    .setClassMethodName('forRoot')
    .build();

/** The argument of `forRoot`. */
export type RootOptions = Omit<ObservabilityOptions, keyof ModuleExtras> & ModuleExtras;
/** The argument of `forRootAsync`. */
export type AsyncRootOptions = Parameters<(typeof ConfigurableModuleClass)['forRootAsync']>[0] & ModuleExtras;

/** The keys that stand beside what gives the options. */
const EXTRAS: readonly string[] = ['isGlobal', 'imports', 'http'];
/** The keys that say what gives them. */
const GIVERS: readonly string[] = ['useFactory', 'useClass', 'useExisting'];
const ASYNC_KEYS: readonly string[] = [
  ...[...EXTRAS, 'channels', ...GIVERS],
  ...['inject', 'provideInjectionTokensFrom'],
];

/**
 * Refuses an argument of `forRootAsync` with keys that it does not have: nobody would look at them.
 *
 * @throws ObservabilityOptionsError with every violation
 */
export function refuseUnknownKeys(given: object): void {
  const keys = Object.keys(given);
  const violations = keys
    .filter((key) => !ASYNC_KEYS.includes(key))
    .map((key) => ({ path: key, found: 'an unknown key', allowed: hintOf(key) }));
  if (!keys.some((key) => GIVERS.includes(key)))
    violations.push({ path: 'useFactory', found: 'nothing', allowed: `one of ${GIVERS.join(', ')}` });
  if (violations.length > 0) throw new ObservabilityOptionsError(violations);
}

function hintOf(key: string): string {
  const near = nearest(key, ASYNC_KEYS);
  const isOption = Object.hasOwn(observabilityOptions.shape, key);
  const hint =
    isOption && !isClose(key, near)
      ? `${key} belongs in what ${GIVERS.join(', ')} gives`
      : `did you mean ${near}?`;
  return `${ASYNC_KEYS.join(', ')} (${hint})`;
}

/** The options with their defaults, of what was given for them. */
function resolved(given: ObservabilityOptions): ResolvedOptions {
  const misplaced = EXTRAS.filter((key) => Object.hasOwn(Object(given) as object, key));
  if (misplaced.length === 0) return resolveOptions(given);
  throw new ObservabilityOptionsError(
    misplaced.map((key) => ({
      path: key,
      found: 'a key of the module among the options',
      allowed: `no such key there: it stands beside useFactory, forRootAsync({ ${key}, useFactory })`,
    })),
  );
}

/** Injection token of the resolved options, `ResolvedOptions`. */
export const OBSERVABILITY_OPTIONS = Symbol('OBSERVABILITY_OPTIONS');

/** The resolved options, however the module was registered. */
@Module({
  providers: [{ provide: OBSERVABILITY_OPTIONS, inject: [GIVEN_OPTIONS], useFactory: resolved }],
  exports: [OBSERVABILITY_OPTIONS],
})
export class OptionsModule extends ConfigurableModuleClass {}
