import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@opensqt/trading-events';
import { WALL_CLOCK } from '../../alerts/model/alert-tokens';
import type { Identity } from '../../options/access.options';

const COOKIE = 'opensqt_session';
const LASTS_MS = 12 * 3_600_000;
/** The eldest ends first. */
const MAX_SESSIONS = 1_000;

/** Sessions of browsers that have shown a token: the browser keeps a random id, and no page's script can read it. */
@Injectable()
export class Sessions {
  private readonly open = new Map<string, { readonly identity: Identity; readonly until: number }>();

  constructor(@Inject(WALL_CLOCK) private readonly clock: Clock) {}

  /** Begins one; for the header `Set-Cookie`. */
  begin(identity: Identity): string {
    const id = randomBytes(32).toString('base64url');
    this.open.set(id, { identity, until: this.clock.now() + LASTS_MS });
    for (const eldest of this.open.keys()) {
      if (this.open.size <= MAX_SESSIONS) break;
      this.open.delete(eldest);
    }
    return `${COOKIE}=${id}; HttpOnly; SameSite=Strict; Max-Age=${LASTS_MS / 1_000}`;
  }

  /** Ends the one that the cookies name, if any; for the header `Set-Cookie`. */
  end(cookies: string | undefined): string {
    this.open.delete(idIn(cookies));
    return `${COOKIE}=; HttpOnly; SameSite=Strict; Max-Age=0`;
  }

  /** The one whose session the cookies name; undefined where it has ended. */
  find(cookies: string | undefined): Identity | undefined {
    const session = this.open.get(idIn(cookies));
    return session !== undefined && session.until > this.clock.now() ? session.identity : undefined;
  }
}

function idIn(cookies = ''): string {
  const pair = cookies.split(';').find((one) => one.trim().startsWith(`${COOKIE}=`));
  return pair?.trim().slice(COOKIE.length + 1) ?? '';
}
