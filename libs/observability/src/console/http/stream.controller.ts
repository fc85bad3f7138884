import type { IncomingMessage, ServerResponse } from 'node:http';
import { Get, Injectable, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { MAX_PAGES, PageStream } from '../stream/page-stream';
import { ConsoleProblem } from './console-problem';
import { ReadGuard } from './console.guard';
import { ProblemFilter } from './problem.filter';
import { positionIn } from './queries';

/** A request of Express, or that of Fastify around it. */
type Request = IncomingMessage | { readonly raw: IncomingMessage };
/** An answer of Express, or that of Fastify around it. */
type Reply = ServerResponse | { readonly raw: ServerResponse; hijack(): unknown };

/** The stream of what changes. */
@Injectable()
@UseFilters(ProblemFilter)
@UseGuards(ReadGuard)
export class StreamController {
  constructor(private readonly stream: PageStream) {}

  /** Server-sent events; see `streamEvents` of the API. */
  @Get('stream')
  listen(@Req() request: Request, @Res() reply: Reply, @Query('after') after: string | undefined): void {
    if (this.stream.isFull) {
      const message = `${MAX_PAGES} pages listen already. Close one.`;
      throw new ConsoleProblem(503, 'TOO_MANY_PAGES', message, 10);
    }
    const incoming = 'raw' in request ? request.raw : request;
    const from = positionIn('after', first(incoming.headers['last-event-id']) ?? after);
    let response: ServerResponse;
    if ('hijack' in reply) {
      reply.hijack();
      response = reply.raw;
    } else response = reply;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      // A proxy that gathers answers would make a page that is up to date look silent.
      'X-Accel-Buffering': 'no',
    });
    response.once('close', this.stream.open(response, from));
  }
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
