import { isIP } from 'node:net';
import { type Objection, choice, list, scalar, text } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** The name of who has `apiToken`, in a file `server.token`. */
export const NAME_OF_THE_TOKEN = 'token';

const ROLES = ['read', 'operate'] as const;

/** `operate` includes `read`. */
export type Role = (typeof ROLES)[number];

/** Somebody who has a token. */
export interface Identity {
  readonly name: string;
  readonly role: Role;
}

export type NamedToken = Identity & { readonly token: string };

const secret = () => text({ allowed: 'a secret text without spaces', pattern: /^\S{1,1024}$/, secret: true });

/** The one token of somebody who may do everything. */
export const tokenOption = secret();

/** Tokens by the names of those who have them. */
export const tokensOption = list(
  z.strictObject({
    /** The name of its holder: what is done with it is recorded under this. */
    name: text({
      allowed: 'a name of up to 64 letters, digits and . _ @ -, other than cooldown',
      pattern: /^(?!cooldown$)[\w.@-]{1,64}$/,
    }),
    /** Sent as `Authorization: Bearer TOKEN`. */
    token: secret(),
    /** `read` shows what needs a token and changes nothing; `operate` does both. */
    role: choice(ROLES),
  }),
).prefault([]);

const AREAS = ['health', 'metrics', 'alerts', 'console'] as const;

/** Something that is shown over HTTP: `console` is the page with its API. */
export type Area = (typeof AREAS)[number];

/** The areas that may be read from beyond this machine without a token. */
export const publicOption = list(choice(AREAS));

/** Names that a listener is reached by. */
export const allowedHostsOption = list(
  text({ allowed: 'a host name without a port, such as bot.internal', pattern: /^[^\s:/]+$/ }),
).prefault([]);

/** Addresses or ranges of proxies. */
export const trustedProxiesOption = list(
  scalar<string>({
    allowed: 'an IP address, or a range such as 10.0.0.0/8',
    hint: { title: 'address or range', type: 'string' },
    read: (raw) => (typeof raw === 'string' && isRange(raw) ? raw : undefined),
  }),
).prefault([]);

/** The rules of who is answered. */
export const accessOptions = z
  .strictObject({
    /** The areas that may be read from beyond this machine without a token: `health`, `metrics`, `alerts`, `console`. Absent: all but the console, which is added where `http.guards` has some. */
    public: publicOption.optional(),
    /** Names besides `localhost` and the address that requests of this machine to `telemetry.metricsPort` may be for; others are refused. @default [] */
    allowedHosts: allowedHostsOption,
    /** Addresses or ranges of the proxies whose `X-Forwarded-*` is believed. @default [] */
    trustedProxies: trustedProxiesOption,
  })
  .prefault({});

function isRange(raw: string): boolean {
  const [address = '', bits, ...rest] = raw.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32));
}

interface Tokens {
  readonly apiToken?: string | undefined;
  readonly apiTokens: readonly NamedToken[];
}

/** Every token with its name and role. */
export function tokensOf({ apiToken, apiTokens }: Tokens): readonly NamedToken[] {
  const unnamed = { name: NAME_OF_THE_TOKEN, role: 'operate' } as const;
  return [...(apiToken === undefined ? [] : [{ ...unnamed, token: apiToken }]), ...apiTokens];
}

/** True where somebody may change something. */
export function hasOperators(tokens: Tokens): boolean {
  return tokensOf(tokens).some(({ role }) => role === 'operate');
}

/** A name and a token are one person's each. */
export function sharedTokens(given: Tokens, path: readonly string[]): readonly Objection[] {
  const all = tokensOf(given);
  const first = all.length - given.apiTokens.length;
  const isTaken = (index: number, key: 'name' | 'token'): boolean =>
    all.findIndex((other) => other[key] === all[index]?.[key]) < index;
  return given.apiTokens.flatMap(({ name }, index) => [
    ...(isTaken(first + index, 'name')
      ? [{ path: [...path, index, 'name'], found: `${name} a second time`, allowed: allowedName(first) }]
      : []),
    ...(isTaken(first + index, 'token')
      ? [
          {
            path: [...path, index, 'token'],
            found: 'the token of another name',
            allowed: 'a token of its own',
          },
        ]
      : []),
  ]);
}

function allowedName(unnamed: number): string {
  return unnamed === 0
    ? 'each name once'
    : `each name once; ${NAME_OF_THE_TOKEN} is that of the token without a name`;
}
