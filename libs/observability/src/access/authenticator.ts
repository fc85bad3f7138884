import { isUtf8 } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Clock, TokenBucket } from '@opensqt/trading-events';
import type { Identity, NamedToken } from '../options/access.options';

/** Wrong tokens that a source may try at once, and how long each further one takes. */
const FAILURES = { burst: 5, intervalMs: 10_000 };
/** Sources that are remembered; the eldest is forgotten first. */
const MAX_SOURCES = 1_000;
const BEARER = /^Bearer +(.+)$/i;

/** The answer to somebody who is not known. */
export interface Refusal {
  /** 401: no token, or a wrong one; 403: no token is configured; 429: too many wrong ones. */
  readonly status: 401 | 403 | 429;
  readonly message: string;
}

export type Authentication =
  { readonly ok: true; readonly identity: Identity } | { readonly ok: false; readonly refusal: Refusal };

/** The evidence that a request shows of its sender. */
export interface Credentials {
  /** Absent: it has none. */
  readonly token?: string | undefined;
  /** The address that it comes from: wrong tokens are slowed by source. */
  readonly source: string;
}

/**
 * Knows who sends a request by its token. The right token always passes, and nobody can lock out anybody else. The comparison takes the
 * same time for each guess; that guesses are slowed spares the process, and it is the token's length that keeps them from being right.
 */
export class Authenticator {
  private readonly failures = new Map<string, TokenBucket>();
  private readonly known: readonly { readonly digest: Buffer; readonly identity: Identity }[];

  /** @param clock one that is never set back */
  constructor(
    tokens: readonly NamedToken[],
    private readonly clock: Clock,
  ) {
    this.known = tokens.map(({ name, role, token }) => ({
      digest: digest(token),
      identity: { name, role },
    }));
  }

  authenticate({ token, source }: Credentials): Authentication {
    if (this.known.length === 0) {
      return refused(
        403,
        'This needs a token, and none is configured. Set server.token or server.tokens (in code: apiToken, apiTokens) and send it as "Authorization: Bearer TOKEN".',
      );
    }
    if (token === undefined) {
      return refused(401, 'The bearer token is missing. Send it as "Authorization: Bearer TOKEN".');
    }
    const given = digest(token);
    const [match] = this.known.filter((one) => timingSafeEqual(one.digest, given));
    if (match !== undefined) return { ok: true, identity: match.identity };
    const failures = this.failuresOf(source);
    if (failures.waitMs() > 0) return refused(429, 'Too many wrong tokens. Wait a while.');
    failures.consume();
    return refused(401, 'The bearer token is wrong.');
  }

  private failuresOf(source: string): TokenBucket {
    const failures = this.failures.get(source) ?? new TokenBucket(this.clock, FAILURES);
    this.failures.delete(source);
    this.failures.set(source, failures);
    for (const eldest of this.failures.keys()) {
      if (this.failures.size <= MAX_SOURCES) break;
      this.failures.delete(eldest);
    }
    return failures;
  }
}

/** The token of an `Authorization` header; undefined where there is none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  const token = BEARER.exec(authorization ?? '')?.[1];
  if (token === undefined) return undefined;
  // Node reads a header as Latin-1; a shell sends UTF-8.
  const bytes = Buffer.from(token, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : token;
}

function refused(status: Refusal['status'], message: string): Authentication {
  return { ok: false, refusal: { status, message } };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
