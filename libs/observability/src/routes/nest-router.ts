import type { RequestMethod, Type } from '@nestjs/common';
import { ApplicationConfig, GraphInspector, type ModuleRef, type NestContainer } from '@nestjs/core';
import type { Injector } from '@nestjs/core/injector/injector';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper';
import { RoutePathFactory } from '@nestjs/core/router/route-path-factory';
import { RoutesResolver } from '@nestjs/core/router/routes-resolver';
import { isOurs } from './our-controllers';
import type { Route } from './route-clashes';

/** The metadata of Nest's own decorators. */
const PATH = 'path';
const METHOD = 'method';
const VERSION = '__version__';
const MODULE_PATH = '__module_path__';

/** A controller of ours, where Nest's injector has it. */
interface Placed {
  readonly module: string;
  readonly wrapper: InstanceWrapper;
  readonly controller: object;
}

/** The parts of Nest's router that it shows to nobody, behind one door: all that depends on its insides is here. */
export class NestRouter {
  private readonly container: NestContainer;
  private readonly injector: Injector;

  constructor(ref: ModuleRef) {
    const { container, injector } = ref as unknown as { container: NestContainer; injector: Injector };
    this.container = container;
    this.injector = injector;
  }

  /** The prefix of all routes of the application: `/api`, or nothing. */
  get globalPrefix(): string {
    return this.config.getGlobalPrefix() === '' ? '' : `/${segments(this.config.getGlobalPrefix())}`;
  }

  /** True when a module of the application provides that class. */
  provides(provider: Type): boolean {
    return [...this.container.getModules().values()].some(({ providers }) => providers.has(provider));
  }

  /** Our controllers, of whichever room. */
  get ours(): readonly Placed[] {
    return [...this.container.getModules()].flatMap(([module, { providers }]) =>
      [...providers.values()].flatMap((wrapper) => {
        const { metatype } = wrapper;
        return typeof metatype === 'function' && isOurs(metatype)
          ? [{ module, wrapper, controller: metatype }]
          : [];
      }),
    );
  }

  /** The routes of our controllers below that prefix. */
  ourRoutes(prefix: string): readonly Route[] {
    const factory = new RoutePathFactory(new ApplicationConfig());
    return this.ours.flatMap(({ controller }) => routesOf(controller, { factory, globalPrefix: prefix }));
  }

  /** The routes of the application's controllers, with its prefix and its versions. */
  applicationRoutes(): readonly Route[] {
    const factory = new RoutePathFactory(this.config);
    const modules = this.container.getModules();
    return [...modules.values()].flatMap(({ controllers, metatype: module }) => {
      const modulePath =
        read<string>(MODULE_PATH + modules.applicationId, module) ?? read<string>(MODULE_PATH, module);
      return [...controllers.values()].flatMap(({ metatype }) =>
        typeof metatype === 'function'
          ? routesOf(metatype, {
              factory,
              globalPrefix: this.globalPrefix,
              modulePath,
              versioningOptions: this.config.getVersioning(),
            })
          : [],
      );
    });
  }

  /**
   * Puts our controllers into the HTTP adapter as Nest does, with that configuration in place of the application's: none of its global
   * guards, interceptors, pipes, filters and versions is asked.
   */
  register(config: ApplicationConfig, prefix: string): void {
    const resolver = new RoutesResolver(
      this.container,
      config,
      this.injector,
      new GraphInspector(this.container),
    );
    const adapter = this.container.getHttpAdapterRef();
    for (const { module, wrapper, controller } of this.ours) {
      const single = new Map([[controller as () => void, wrapper]]) as Parameters<
        RoutesResolver['registerRouters']
      >[0];
      resolver.registerRouters(single, module, prefix, '', adapter);
    }
  }

  private get config(): ApplicationConfig {
    return this.container.applicationConfig ?? new ApplicationConfig();
  }
}

interface Before {
  readonly factory: RoutePathFactory;
  readonly globalPrefix: string;
  readonly modulePath?: string | undefined;
  readonly versioningOptions?: ReturnType<ApplicationConfig['getVersioning']>;
}

function routesOf(controller: object, { factory, ...before }: Before): readonly Route[] {
  const { prototype, name } = controller as { readonly prototype: object; readonly name: string };
  const controllerVersion = read<string>(VERSION, controller) ?? before.versioningOptions?.defaultVersion;
  return handlersOf(prototype).flatMap((handler) => {
    const method = read<RequestMethod>(METHOD, handler);
    if (method === undefined) return [];
    return paths(read(PATH, controller)).flatMap((ctrlPath) =>
      paths(read(PATH, handler)).flatMap((methodPath) =>
        factory
          .create(
            {
              ...before,
              ctrlPath: `/${segments(ctrlPath)}`,
              methodPath: `/${segments(methodPath)}`,
              controllerVersion,
              methodVersion: read<string>(VERSION, handler),
            } as Parameters<RoutePathFactory['create']>[0],
            method,
          )
          .map((path) => ({ method, path: `/${segments(path)}`, controller: name })),
      ),
    );
  });
}

function handlersOf(prototype: object | null): readonly object[] {
  if (prototype === null || prototype === Object.prototype) return [];
  const own = Object.values(Object.getOwnPropertyDescriptors(prototype))
    .map(({ value }) => value as unknown)
    .filter((value) => typeof value === 'function');
  return [...own, ...handlersOf(Object.getPrototypeOf(prototype) as object | null)];
}

function read<Value>(key: string, of: object): Value | undefined {
  return (Reflect as unknown as { getMetadata(key: string, of: object): Value | undefined }).getMetadata(
    key,
    of,
  );
}

function paths(given: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(given) ? given : [given];
  return all.map((path) => (typeof path === 'string' ? path : ''));
}

function segments(path: string): string {
  return path.split('/').filter(Boolean).join('/');
}
