import { Module } from '@nestjs/common';
import { tokensOf } from '../options/access.options';
import type { ResolvedOptions } from '../options/observability-options';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import { Access } from './access';
import type { HttpRoutes } from '../options/http.options';
import { HTTP_ROUTES } from '../routes/http-routes';
import { Authenticator } from './authenticator';
import { trustedProxies } from './client';

/** The page shows the whole log: beyond this machine it needs a token, or guards of the application. */
const OPEN_IN_A_HOST = ['health', 'metrics', 'alerts'] as const;

/** Knows who sends a request, and what that may see. Imports the options. */
@Module({
  providers: [
    {
      provide: Authenticator,
      inject: [OBSERVABILITY_OPTIONS],
      useFactory: (options: ResolvedOptions) =>
        new Authenticator(tokensOf(options), { now: () => performance.now() }),
    },
    {
      provide: Access,
      inject: [OBSERVABILITY_OPTIONS, Authenticator, HTTP_ROUTES],
      useFactory: (
        { access }: ResolvedOptions,
        authenticator: Authenticator,
        { guards }: Pick<HttpRoutes, 'guards'>,
      ) => {
        const open = access.public ?? (guards.length > 0 ? undefined : OPEN_IN_A_HOST);
        return new Access(authenticator, trustedProxies(access.trustedProxies), open, access.allowedHosts);
      },
    },
  ],
  exports: [Access],
})
export class AccessModule {}
