import { ConfigurableModuleBuilder, Module, type ModuleMetadata } from '@nestjs/common';
import { type ObservabilityOptions, resolveOptions } from './observability-options';

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
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: GIVEN_OPTIONS } =
  new ConfigurableModuleBuilder<ObservabilityOptions>({ moduleName: 'Observability' })
    .setClassMethodName('forRoot')
    .build();

/** The argument of `forRoot`. */
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
