import { Delete, HttpCode, Inject, Injectable, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { Caller } from '../../access/operator.guard';
import { type Identity, hasOperators } from '../../options/access.options';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import type { SessionView } from '../api/problem';
import type { HttpReply } from '../../alerts/http/pages';
import { type HttpRequest, SessionGuard, Visitors } from './console.guard';
import { ProblemFilter } from './problem.filter';
import { Read } from './routes';
import { Sessions } from './sessions';

/** The session of a browser: whose it is, and what that one may do. */
@Injectable()
@UseFilters(ProblemFilter)
export class SessionController {
  constructor(
    private readonly sessions: Sessions,
    private readonly visitors: Visitors,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  @Read()
  show(@Req() request: HttpRequest): SessionView {
    const canRead = this.visitors.refusalToRead(request) === undefined;
    return this.view(this.visitors.inSession(request), canRead);
  }

  @Post()
  @HttpCode(200)
  @UseGuards(SessionGuard)
  begin(
    @Caller() identity: Identity,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): SessionView {
    const isSecure = this.visitors.isSecure(request);
    reply.header('Set-Cookie', this.sessions.begin(identity, request.headers.cookie, isSecure));
    return this.view(identity, true);
  }

  @Delete()
  @HttpCode(200)
  end(@Req() request: HttpRequest, @Res({ passthrough: true }) reply: HttpReply): SessionView {
    this.visitors.assertSameSite(request);
    reply.header('Set-Cookie', this.sessions.end(request.headers.cookie, this.visitors.isSecure(request)));
    return this.view(undefined, this.visitors.refusalToRead(request) === undefined);
  }

  private view(identity: Identity | undefined, canRead: boolean): SessionView {
    return {
      canRead,
      canChange: identity?.role === 'operate',
      name: identity?.name ?? null,
      changesPossible: hasOperators(this.options),
    };
  }
}
