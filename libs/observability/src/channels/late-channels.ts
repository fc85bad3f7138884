import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { AlertChannel } from './channel';

type Hooks = OnModuleInit &
  OnApplicationBootstrap &
  OnModuleDestroy &
  BeforeApplicationShutdown &
  OnApplicationShutdown;

/**
 * The channels whose classes are known only once the options are, from a factory of `forRootAsync`: Nest constructs them, and this
 * passes the hooks of its lifecycle on to them, as to any provider.
 */
@Injectable()
export class LateChannels implements Hooks {
  private channels: readonly (AlertChannel & Partial<Hooks>)[] = [];

  constructor(private readonly modules: ModuleRef) {}

  async construct(classes: readonly Type<AlertChannel>[]): Promise<readonly AlertChannel[]> {
    this.channels = await Promise.all(classes.map((channel) => this.modules.create(channel)));
    return this.channels;
  }

  onModuleInit(): Promise<void> {
    return this.each((channel) => channel.onModuleInit?.());
  }

  onApplicationBootstrap(): Promise<void> {
    return this.each((channel) => channel.onApplicationBootstrap?.());
  }

  onModuleDestroy(): Promise<void> {
    return this.each((channel) => channel.onModuleDestroy?.());
  }

  beforeApplicationShutdown(signal?: string): Promise<void> {
    return this.each((channel) => channel.beforeApplicationShutdown?.(signal));
  }

  onApplicationShutdown(signal?: string): Promise<void> {
    return this.each((channel) => channel.onApplicationShutdown?.(signal));
  }

  private async each(call: (channel: Partial<Hooks>) => unknown): Promise<void> {
    await Promise.all(this.channels.map(call));
  }
}
