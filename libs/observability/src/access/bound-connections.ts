import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Connections of a listener that are open at once. Two listeners, the log and the channels fit into 200 descriptors, the least that is
 * tried.
 */
const MAX_CONNECTIONS = 48;
/** The longest that the headers, a whole request and silence between requests may take (ms). */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 };

/** A connection with the request that is answered on it; undefined between requests, and before the first has come. */
type Held<Connection> = readonly [Connection, { readonly complete: boolean } | undefined];

/**
 * The connection that makes room for a newer one: the eldest that has no whole request to answer, or else the eldest.
 *
 * @param held eldest first
 */
export function toGiveUp<Connection>(held: Iterable<Held<Connection>>): Connection | undefined {
  const all = [...held];
  const [waiting] = all.filter(([, request]) => request?.complete !== true);
  return (waiting ?? all[0])?.[0];
}

/**
 * Bounds the connections of a server in number and time. One too many ends the eldest that asks for nothing, rather than the new one:
 * half-open connections take neither the process's descriptors nor an operator's way in.
 */
export function boundConnections(server: Server, max = MAX_CONNECTIONS): void {
  Object.assign(server, TIMEOUTS);
  const held = new Map<Socket, IncomingMessage | undefined>();
  server.on('connection', (socket: Socket) => {
    const eldest = held.size < max ? undefined : toGiveUp(held);
    if (eldest !== undefined) {
      held.delete(eldest);
      eldest.destroy();
    }
    held.set(socket, undefined);
    socket.once('close', () => held.delete(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    if (!held.has(socket)) return;
    held.set(socket, request);
    response.once('close', () => {
      if (held.has(socket)) held.set(socket, undefined);
    });
  });
}
