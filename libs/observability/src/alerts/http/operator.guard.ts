import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  HttpException,
  HttpStatus,
  Inject,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { type Clock, TokenBucket } from '@opensqt/trading-events';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { WALL_CLOCK } from '../model/alert-tokens';

/** Wrong tokens that may be tried at once, and how long each further one takes. */
const FAILURES = { burst: 5, intervalMs: 10_000 };
const BEARER = /^Bearer (.+)$/i;

interface HttpRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Lets pass who has the bearer token. Guessing is slow: the comparison takes the same time for each guess, and few are heard. */
@Injectable()
export class OperatorGuard implements CanActivate {
  private readonly failures: TokenBucket;
  private readonly expected: Buffer | undefined;

  constructor(
    @Inject(OBSERVABILITY_OPTIONS) { apiToken }: ResolvedOptions,
    @Inject(WALL_CLOCK) clock: Clock,
  ) {
    this.expected = apiToken === undefined ? undefined : digest(apiToken);
    this.failures = new TokenBucket(clock, FAILURES);
  }

  canActivate(context: ExecutionContext): boolean {
    if (this.expected === undefined) {
      throw new ForbiddenException(
        'Changes are refused, because no token is configured. Set server.token (in code: apiToken) and send it as "Authorization: Bearer TOKEN".',
      );
    }
    if (this.failures.waitMs() > 0) {
      throw new HttpException('Too many wrong tokens. Wait a while.', HttpStatus.TOO_MANY_REQUESTS);
    }
    const { headers } = context.switchToHttp().getRequest<HttpRequest>();
    const [, given = ''] = BEARER.exec(headers['authorization'] ?? '') ?? [];
    if (timingSafeEqual(digest(given), this.expected)) return true;
    this.failures.consume();
    throw new UnauthorizedException('The bearer token is missing or wrong.');
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
