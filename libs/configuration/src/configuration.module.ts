import type { DynamicModule } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import type { Configuration } from './configuration-schema';

/** Injection token of the whole {@link Configuration}, for those that need more than a key of it. */
export const CONFIGURATION = Symbol('CONFIGURATION');

/**
 * Makes the loaded configuration injectable everywhere, as `ConfigService`. The configuration is all there is: neither the
 * process's environment nor a `.env` file stands in for a key that is absent.
 *
 * @example
 * constructor(config: ConfigService<Configuration, true>) {
 *   config.get('server.port', { infer: true }); // number
 * }
 */
export function configurationModule(configuration: Configuration): Promise<DynamicModule> {
  return ConfigModule.forRoot({
    load: [() => configuration],
    isGlobal: true,
    ignoreEnvFile: true,
    skipProcessEnv: true,
  });
}
