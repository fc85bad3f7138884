/** Injection token of the `HttpRoutes` of the options. */
export const HTTP_ROUTES = Symbol('HTTP_ROUTES');
