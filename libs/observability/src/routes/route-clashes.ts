import { RequestMethod } from '@nestjs/common';

/** A route of a controller. */
export interface Route {
  readonly method: RequestMethod;
  /** With all that is before it: `/api/health`. */
  readonly path: string;
  /** The controller's name. */
  readonly controller: string;
}

/** The application answers a route itself that is one of ours; it does not start. */
export class RouteClashError extends Error {
  override readonly name = 'RouteClashError';
  readonly code = 'ROUTE_CLASH';

  /**
   * @param request the method and the path: `GET /health`
   * @param controller the application's
   * @param ours ours
   */
  constructor(
    readonly request: string,
    readonly controller: string,
    readonly ours: string,
  ) {
    super(
      `${request} is answered by the application's ${controller} and by ObservabilityModule's ${ours}. ` +
        `Move ours with ObservabilityModule.forRoot({ http: … }), or leave it out: ${hint(ours)}.`,
    );
  }
}

/**
 * Refuses a route of the application's that is one of ours: ours would answer, and nobody would notice.
 *
 * @throws RouteClashError
 */
export function refuseClashes(ours: readonly Route[], others: readonly Route[]): void {
  for (const { method, path, controller } of ours) {
    const other = others.find(
      (route) => same(route.path, path) && (route.method === method || route.method === RequestMethod.ALL),
    );
    if (other !== undefined)
      throw new RouteClashError(`${RequestMethod[method] ?? ''} ${path}`, other.controller, controller);
  }
}

function same(one: string, other: string): boolean {
  return one.replace(/\/+$/, '') === other.replace(/\/+$/, '');
}

function hint(controller: string): string {
  return `http: { ${optionOf(controller)}: false }`;
}

/** The options that place controllers which are not named after them. */
const OPTIONS: Readonly<Record<string, string>> = { BreakersController: 'alerts', PageController: 'console' };

function optionOf(controller: string): string {
  const named = controller.replace('Controller', '').toLowerCase();
  return OPTIONS[controller] ?? (['metrics', 'health', 'alerts'].includes(named) ? named : 'api');
}
