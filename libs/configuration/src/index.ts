export {
  EXIT,
  UsageError,
  count,
  oneOf,
  parseArguments,
  position,
  print,
  runCommand,
  time,
} from './command-line/command-line';
export { Progress } from './command-line/progress';
export { table } from './command-line/table';
export { type ConfigurationDocs, configurationDocs } from './configuration-docs';
export { ConfigurationError, renderConfigurationError } from './configuration-error';
export { type Reading, type Surroundings, readConfiguration } from './configuration-reading';
export type { Configuration } from './configuration-schema';
export { CONFIGURATION, configurationModule } from './configuration.module';
export { parseDuration } from './duration';
export { type ConfigurationSource, loadConfiguration } from './load-configuration';
export { marketMakerOptions } from './market-maker-options';
export { observabilityOptions } from './observability-options';
export { secretsOf } from './secrets';
