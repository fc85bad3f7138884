import type { CanActivate, Type } from '@nestjs/common';
import { flag, list, scalar } from '@opensqt/trading-events/options';
import { z } from 'zod';

const PATH = /^(\/[\w.-]+)+$/;
const PATH_OR_ROOT = /^(\/|(\/[\w.-]+)+)$/;

const route = (path: string, pattern = PATH) =>
  scalar<string | false>({
    allowed: `a path such as ${path}, or false for none`,
    hint: { title: 'text', type: 'string', pattern: pattern.source },
    read: (raw) => (raw === false || (typeof raw === 'string' && pattern.test(raw)) ? raw : undefined),
  }).prefault(path);

const guard = z.custom<CanActivate | Type<CanActivate>>(
  isGuard,
  'a guard: a class with canActivate(), or one of its objects',
);

/** The paths that the module answers in the application, false for each that it leaves to others; and what of the application's is before them. */
export const httpOptions = z
  .strictObject({
    /** The metrics. @default /metrics */
    metrics: route('/metrics'),
    /** The health, and below it `live` and `ready`. @default /health */
    health: route('/health'),
    /** The alerts and their commands; `breakers` is beside it. @default /alerts */
    alerts: route('/alerts'),
    /** The API of the page, for others too. @default /api/v1 */
    api: route('/api/v1'),
    /** The page; `/` where it is the application's only one. @default /observability */
    console: route('/observability', PATH_OR_ROOT),
    /** Puts the application's global prefix before the paths. @default false */
    prefix: flag.prefault(false),
    /**
     * Guards of all these paths. A class that the application provides is its object there, another one is made with what `imports` of
     * the module provide. Global guards are not asked. @default []
     */
    guards: list(guard).prefault([]),
    /** Logs the addresses once the application listens. @default true */
    logAddresses: flag.prefault(true),
    /** Metadata of the controllers, for guards that look for some: `{ isPublic: true }`. @default {} */
    metadata: z.record(z.string(), z.unknown()).prefault({}),
  })
  .prefault({});

export type HttpRoutes = z.output<typeof httpOptions>;

function isGuard(value: unknown): boolean {
  const guard: unknown = typeof value === 'function' ? value.prototype : value;
  return typeof guard === 'object' && guard !== null && 'canActivate' in guard;
}
