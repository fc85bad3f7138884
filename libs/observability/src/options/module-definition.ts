import { ConfigurableModuleBuilder, type ModuleMetadata, type Provider } from '@nestjs/common';
import { type ObservabilityOptions, resolveOptions } from './observability-options';

/** What concerns the module rather than what it does. */
export interface ModuleExtras {
  /** `AlertService`, the metrics and the rest can be injected everywhere without importing the module again. @default true */
  isGlobal?: boolean;
  /** Modules whose providers the channels of one's own need. */
  imports?: NonNullable<ModuleMetadata['imports']>;
}

export const {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN: GIVEN_OPTIONS,
  OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<ObservabilityOptions>({ moduleName: 'Observability' })
  .setClassMethodName('forRoot')
  .setExtras<ModuleExtras>(
    { isGlobal: true, imports: [] },
    (definition, { isGlobal = true, imports = [] }) => ({
      ...definition,
      global: isGlobal,
      imports: [...(definition.imports ?? []), ...imports],
    }),
  )
  .build();

/** Injection token of the resolved options, `ResolvedOptions`. */
export const OBSERVABILITY_OPTIONS = Symbol('OBSERVABILITY_OPTIONS');

/** The resolved options, however the module was registered. */
export const resolvedOptions: Provider = {
  provide: OBSERVABILITY_OPTIONS,
  inject: [GIVEN_OPTIONS],
  useFactory: resolveOptions,
};
