import { ConfigurableModuleBuilder, type ModuleMetadata } from '@nestjs/common';
import type { ObservabilityOptions } from './observability.options';

/** What concerns the module rather than what it does. */
export interface ModuleExtras {
  /** Whether `AlertService`, the metrics and the rest can be injected everywhere without importing the module again. @default true */
  isGlobal?: boolean;
  /** Modules whose providers the channels of one's own need. */
  imports?: NonNullable<ModuleMetadata['imports']>;
}

export const {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN: OBSERVABILITY_OPTIONS,
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
