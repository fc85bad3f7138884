import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from '@opensqt/observability';

/** The path without the prefix that a reverse proxy has put before it; as it is where the proxy has taken that off already. */
export function withoutPrefix(url: string, prefix: string): string {
  const rest = url.slice(prefix.length);
  if (prefix === '' || !url.startsWith(prefix) || !/^([/?]|$)/.test(rest)) return url;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Middleware that answers under the configured path, or the one that a trusted proxy names. */
export function underBasePath(basePath: string | undefined, access: Pick<Access, 'clientOf'>) {
  return (request: IncomingMessage, _response: ServerResponse, next: () => void): void => {
    const { url = '/' } = request;
    request.url = withoutPrefix(url, basePath ?? access.clientOf(request).prefix);
    next();
  };
}
