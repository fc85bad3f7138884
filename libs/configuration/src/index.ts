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
export { type ConfigurationDocs, configurationDocs, renderTable } from './configuration-docs';
export { ConfigurationError, renderConfigurationError } from './configuration-error';
export { type Reading, type Surroundings, readConfiguration } from './configuration-reading';
export { type Configuration, secretsOf } from './configuration-schema';
export { CONFIGURATION, configurationModule } from './configuration.module';
export { type ConfigurationSource, loadConfiguration } from './load-configuration';
