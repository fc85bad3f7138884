import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Access, refusalOfReader } from '../../access/access';
import { type Refusal, bearerToken } from '../../access/authenticator';
import type { Received } from '../../access/client';
import { isCrossSite } from '../../access/foreign-requests';
import { identify } from '../../access/operator.guard';
import type { Identity } from '../../options/access.options';
import { sessionBody } from '../api/problem';
import { ConsoleProblem } from './console-problem';
import { Sessions } from './sessions';

/** A request of Express as of Fastify. */
export interface HttpRequest extends Received {
  readonly body?: unknown;
}

/** The requests of the page, by who sends them: a program with a token, or a browser in a session that one began. */
@Injectable()
export class Visitors {
  constructor(
    private readonly access: Access,
    private readonly sessions: Sessions,
  ) {}

  /** The one whose session it is; undefined without one. */
  inSession({ headers }: HttpRequest): Identity | undefined {
    return this.sessions.find(headers.cookie);
  }

  /** The reason to show nothing; undefined for whom the page is shown. */
  refusalToRead(request: HttpRequest): Refusal | undefined {
    if (this.inSession(request) !== undefined) return undefined;
    return this.access.refusalToRead(request, 'console');
  }

  /**
   * The one who has that token.
   *
   * @throws ConsoleProblem where nobody has
   */
  holderOf(token: string | undefined, request: HttpRequest): Identity {
    const known = this.access.identify(request, token);
    if (known.ok) return known.identity;
    throw problemOf(known.refusal);
  }

  /** True where the browser asked by HTTPS: a cookie that it gets must not travel without. */
  isSecure(request: HttpRequest): boolean {
    return this.access.clientOf(request).isSecure;
  }

  /** @throws ConsoleProblem where another site's page has made the browser ask */
  assertSameSite(request: HttpRequest): void {
    if (isCrossSite(request.headers, this.access.clientOf(request).host))
      throw new ConsoleProblem(403, 'CROSS_SITE', 'Requests of other web pages change nothing here.');
  }
}

/** Lets pass who may see what the page shows. */
@Injectable()
export class ReadGuard implements CanActivate {
  constructor(private readonly visitors: Visitors) {}

  canActivate(context: ExecutionContext): boolean {
    const refusal = this.visitors.refusalToRead(context.switchToHttp().getRequest<HttpRequest>());
    if (refusal !== undefined) throw problemOf(refusal);
    return true;
  }
}

/** Lets pass what costs work and changes nothing, unless another site's page asks. */
@Injectable()
export class SameSiteGuard implements CanActivate {
  constructor(private readonly visitors: Visitors) {}

  canActivate(context: ExecutionContext): boolean {
    this.visitors.assertSameSite(context.switchToHttp().getRequest<HttpRequest>());
    return true;
  }
}

/** Lets pass what changes something: with a token that may, or in a session that one began. */
@Injectable()
export class ChangeGuard implements CanActivate {
  constructor(private readonly visitors: Visitors) {}

  canActivate(context: ExecutionContext): boolean {
    const { visitors } = this;
    const request = context.switchToHttp().getRequest<HttpRequest>();
    visitors.assertSameSite(request);
    const identity =
      visitors.inSession(request) ?? visitors.holderOf(bearerToken(request.headers.authorization), request);
    if (identity.role !== 'operate')
      throw new ConsoleProblem(403, 'ROLE_READ', refusalOfReader(identity).message);
    identify(request, identity);
    return true;
  }
}

/** Lets pass what begins a session: the token is in the body, as a form sends it. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly visitors: Visitors) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    this.visitors.assertSameSite(request);
    const token = sessionBody.safeParse(request.body).data?.token;
    identify(request, this.visitors.holderOf(token, request));
    return true;
  }
}

function problemOf({ status, message }: Refusal): ConsoleProblem {
  const code = { 401: 'TOKEN_NEEDED', 403: 'NO_TOKEN_CONFIGURED', 429: 'TOO_MANY_REQUESTS' }[status];
  return new ConsoleProblem(status, code, message);
}
