import { ConfigurableModuleBuilder, Module, type ModuleMetadata } from '@nestjs/common';
import { parseOptions } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { type HttpRoutes, httpOptions } from './http.options';
import {
  type ObservabilityOptions,
  ObservabilityOptionsError,
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

export type RootOptions = Omit<ObservabilityOptions, keyof ModuleExtras> & ModuleExtras;
/** The argument of `forRootAsync`. */
export type AsyncRootOptions = Parameters<(typeof ConfigurableModuleClass)['forRootAsync']>[0] & ModuleExtras;

/** Injection token of the resolved options, `ResolvedOptions`. */
export const OBSERVABILITY_OPTIONS = Symbol('OBSERVABILITY_OPTIONS');

/** The resolved options, however the module was registered. */
@Module({
  providers: [{ provide: OBSERVABILITY_OPTIONS, inject: [GIVEN_OPTIONS], useFactory: resolveOptions }],
  exports: [OBSERVABILITY_OPTIONS],
})
export class OptionsModule extends ConfigurableModuleClass {}
