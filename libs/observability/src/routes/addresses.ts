import type { Server } from 'node:http';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import type { HttpRoutes } from '../options/http.options';
import type { ResolvedOptions } from '../options/observability-options';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import { HTTP_ROUTES } from './http-routes';
import { NestRouter } from './nest-router';

const EVERY_ADDRESS = ['::', '0.0.0.0'];

/** Logs the addresses of our routes when the application begins to listen. */
@Injectable()
export class Addresses implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Observability');
  private listening: { unsubscribe(): void } | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly ref: ModuleRef,
    @Inject(HTTP_ROUTES) private readonly http: HttpRoutes,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  onModuleInit(): void {
    this.listening = this.host.listen$.subscribe(() => this.announce());
  }

  onModuleDestroy(): void {
    this.listening?.unsubscribe();
  }

  private announce(): void {
    const { metricsEnabled, metricsPort } = this.options.telemetry;
    const { metrics, health, alerts, console, prefix, logAddresses } = this.http;
    if (!logAddresses) return;
    const base = `${originOf(this.host.httpAdapter.getHttpServer() as Server)}${prefix ? new NestRouter(this.ref).globalPrefix : ''}`;
    const served = Object.entries({
      Metrics: metricsEnabled && metricsPort === undefined && metrics,
      Health: health,
      Alerts: alerts,
      Page: this.options.console.enabled && console,
    });
    for (const [name, path] of served) if (path !== false) this.logger.log(`${name} at ${base}${path}`);
  }
}

/** Nothing for a server that has no port, such as a socket in the file system. */
function originOf(server: Server): string {
  const at = server.address();
  if (at === null || typeof at === 'string') return '';
  const host = EVERY_ADDRESS.includes(at.address) ? 'localhost' : at.address;
  const scheme = 'setSecureContext' in server ? 'https' : 'http';
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${at.port}`;
}
