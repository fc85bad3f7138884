import type { Area, Identity } from '../options/access.options';
import { type Authentication, type Authenticator, type Refusal, bearerToken } from './authenticator';
import { isKnownHost } from './foreign-requests';
import { type Client, type Received, type TrustedProxies, clientOf } from './client';

/** Requests by who sends them. */
export class Access {
  /** @param open what may be read from beyond this machine without a token; undefined: everything */
  constructor(
    private readonly authenticator: Authenticator,
    private readonly isTrusted: TrustedProxies,
    private readonly open: readonly Area[] | undefined,
    private readonly allowedHosts: readonly string[] = [],
  ) {}

  /** False for a request of this machine that is for another name than the listener's: only a browser here can be fooled by names. */
  isForListener(request: Received, address: string): boolean {
    const { host, isLocal } = this.clientOf(request);
    return !isLocal || isKnownHost(host, address, this.allowedHosts);
  }

  clientOf(request: Received): Client {
    return clientOf(request, this.isTrusted);
  }

  /**
   * Knows who sends a request by its token.
   *
   * @param token @default the bearer token
   */
  identify(request: Received, token = bearerToken(request.headers.authorization)): Authentication {
    const { address: source } = this.clientOf(request);
    return this.authenticator.authenticate({ source, token });
  }

  /** The reason not to show something; undefined for whom it is shown. */
  refusalToRead(request: Received, area: Area): Refusal | undefined {
    if (this.open === undefined || this.open.includes(area) || this.clientOf(request).isLocal)
      return undefined;
    const known = this.identify(request);
    return known.ok ? undefined : known.refusal;
  }

  /** The sender of a request, where that one may change something. */
  operator(request: Received): Authentication {
    const known = this.identify(request);
    return known.ok && known.identity.role !== 'operate'
      ? { ok: false, refusal: refusalOfReader(known.identity) }
      : known;
  }
}

/** The refusal of a change by somebody whose token only reads. */
export function refusalOfReader({ name }: Identity): Refusal {
  return { status: 403, message: `The token of '${name}' has the role read, which changes nothing.` };
}
