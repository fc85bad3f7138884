export * from './command-line/command-line';
export { ConfigurationError, renderConfigurationError } from './configuration-error';
export { type Reading, type Surroundings, readConfiguration } from './configuration-reading';
export { type Configuration, configurationSchema, secretsOf } from './configuration-schema';
export { exposedSecrets } from './exposed-secrets';
export { httpAddress } from './http-address';
export { type ConfigurationSource, loadConfiguration } from './load-configuration';
