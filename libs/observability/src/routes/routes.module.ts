import {
  type CanActivate,
  type DynamicModule,
  Inject,
  Module,
  type ModuleMetadata,
  type NestModule,
  SetMetadata,
  type Type,
} from '@nestjs/common';
import { ApplicationConfig, ModuleRef } from '@nestjs/core';
import type { HttpRoutes } from '../options/http.options';
import { Addresses } from './addresses';
import { HTTP_ROUTES } from './http-routes';
import { NestRouter } from './nest-router';
import { refuseClashes } from './route-clashes';

/**
 * Puts our controllers into the application: before its own routes, so that none of these covers them, and with nothing of what the
 * application has for all of its routes except what the options name.
 */
@Module({})
export class RoutesModule implements NestModule {
  /** @param imports modules with what the guards need */
  static with(
    http: HttpRoutes,
    options: DynamicModule,
    imports: NonNullable<ModuleMetadata['imports']>,
  ): DynamicModule {
    return {
      module: RoutesModule,
      imports: [options, ...imports],
      providers: [{ provide: HTTP_ROUTES, useValue: http }, Addresses],
    };
  }

  constructor(
    private readonly ref: ModuleRef,
    @Inject(HTTP_ROUTES) private readonly http: HttpRoutes,
  ) {}

  /** Called once the application is whole, and only where it answers HTTP. */
  async configure(): Promise<void> {
    const router = new NestRouter(this.ref);
    const prefix = this.http.prefix ? router.globalPrefix : '';
    refuseClashes(router.ourRoutes(prefix), router.applicationRoutes());
    for (const [key, value] of Object.entries(this.http.metadata))
      for (const { controller } of router.ours) SetMetadata(key, value)(controller as Type);
    const config = new ApplicationConfig();
    for (const guard of this.http.guards)
      config.useGlobalGuards(typeof guard === 'function' ? await this.instanceOf(guard, router) : guard);
    router.register(config, prefix);
  }

  /** The application's own guard, or one that is made for us where it has none of that class. */
  private async instanceOf(guard: Type<CanActivate>, router: NestRouter): Promise<CanActivate> {
    return router.provides(guard) ? this.ref.get(guard, { strict: false }) : this.ref.create(guard);
  }
}
