import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@opensqt/trading-events';
import { WALL_CLOCK } from '../../alerts/model/alert-tokens';
import type { Identity } from '../../options/access.options';

const COOKIE = 'opensqt_session';
/** A name of its own: a browser lets no page without HTTPS replace what one with HTTPS has set. */
const SECURE_COOKIE = `__Secure-${COOKIE}`;
const LASTS_MS = 12 * 3_600_000;
/** The eldest ends first. */
const MAX_SESSIONS = 1_000;
/** The bots of one host, whatever their ports, share a browser's cookie. */
const MAX_IDS = 16;
const ID = /^[\w-]{43}$/;

/**
 * Sessions of browsers that have shown a token: the browser keeps random ids, and no page's script can read them. A cookie belongs to a host
 * without its port, so that it has an id for each of the bots there.
 */
@Injectable()
export class Sessions {
  private readonly open = new Map<string, { readonly identity: Identity; readonly until: number }>();

  constructor(@Inject(WALL_CLOCK) private readonly clock: Clock) {}

  /** Begins one beside those of other bots; for the header `Set-Cookie`. */
  begin(identity: Identity, cookies: string | undefined, isSecure: boolean): string {
    const id = randomBytes(32).toString('base64url');
    this.open.set(id, { identity, until: this.clock.now() + LASTS_MS });
    for (const eldest of this.open.keys()) {
      if (this.open.size <= MAX_SESSIONS) break;
      this.open.delete(eldest);
    }
    return cookieOf([...this.othersIn(cookies), id].slice(-MAX_IDS), isSecure);
  }

  /** Ends the one that the cookies name, if any; for the header `Set-Cookie`. */
  end(cookies: string | undefined, isSecure: boolean): string {
    const others = this.othersIn(cookies);
    for (const id of idsIn(cookies)) this.open.delete(id);
    return cookieOf(others, isSecure);
  }

  /** The one whose session the cookies name; undefined where it has ended. */
  find(cookies: string | undefined): Identity | undefined {
    const sessions = idsIn(cookies).flatMap((id) => this.open.get(id) ?? []);
    return sessions.find(({ until }) => until > this.clock.now())?.identity;
  }

  /** The ids of sessions that are not ours. */
  private othersIn(cookies: string | undefined): readonly string[] {
    return idsIn(cookies).filter((id) => !this.open.has(id));
  }
}

function cookieOf(ids: readonly string[], isSecure: boolean): string {
  const lasts = ids.length === 0 ? 0 : LASTS_MS / 1_000;
  return `${isSecure ? SECURE_COOKIE : COOKIE}=${ids.join('.')}; HttpOnly; SameSite=Strict; Max-Age=${lasts}${isSecure ? '; Secure' : ''}`;
}

function idsIn(cookies = ''): readonly string[] {
  const pairs = cookies.split(';').map((pair) => pair.trim().split('=', 2));
  const values = pairs.flatMap(([name, value = '']) =>
    name === COOKIE || name === SECURE_COOKIE ? [value] : [],
  );
  return values.flatMap((value) => value.split('.', MAX_IDS)).filter((id) => ID.test(id));
}
