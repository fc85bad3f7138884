import type { HttpAnswer } from '../network/http-exchange';

/** The HTTP method of the request. */
export type HeartbeatMethod = 'GET' | 'HEAD' | 'POST';

/** The meaning of an answer: the switch has heard the bot, has not, or nobody can tell. */
export type Proof =
  { readonly proof: 'proved' } | { readonly proof: 'refused' | 'unproved'; readonly reason: string };

/** A service that says in its answer whether the heartbeat counts. */
interface Service {
  readonly name: string;
  readonly serves: (url: URL) => boolean;
  readonly confirms: (body: string) => boolean;
  readonly promises: string;
}

const SERVICES: readonly Service[] = [
  {
    name: 'healthchecks',
    serves: ({ hostname, pathname }) =>
      /(^|\.)(hc-ping\.com|healthchecks\.io)$/.test(hostname) || /^\/ping\/[\w-]{20,}/.test(pathname),
    confirms: (body) => body === 'OK' || body === 'Created',
    promises: 'OK',
  },
  {
    name: 'Uptime Kuma',
    serves: ({ pathname }) => /\/api\/push\/[^/]+$/.test(pathname),
    confirms: (body) => /^\s*\{[^]*"ok"\s*:\s*true\b[^]*\}\s*$/.test(body),
    promises: '{"ok":true}',
  },
];

/**
 * Judges an answer. healthchecks answers 200 to a check that it does not know (`OK (not found)`) and to one too many (`OK (rate limited)`);
 * Uptime Kuma says `{"ok":false}`. Elsewhere any 2xx is proof, unless its body is one of those, or a page: a captive portal answers 200, too.
 *
 * Sources: https://healthchecks.io/docs/http_api/, https://github.com/louislam/uptime-kuma/wiki/Internal-API#push-monitor
 */
export function proofIn(url: URL, method: HeartbeatMethod, { status, body, complete }: HttpAnswer): Proof {
  if (status >= 300 && status < 400) {
    return refused(`it answered ${status}, a redirect, which is not followed`);
  }
  if (status < 200 || status >= 300) return refused(`it answered ${status}`);
  const said = body.trim();
  if (/^OK \(/.test(said)) return refused(`it answered ${said.slice(0, 40)}`);
  if (/^\{[^]*"ok"\s*:\s*false\b/.test(said)) return refused('it answered that it is not ok');
  const service = SERVICES.find(({ serves }) => serves(url));
  if (service !== undefined && method === 'HEAD') {
    return unproved(
      `${service.name} says in its answer whether a heartbeat counts, and HEAD has none: use GET`,
    );
  }
  if (service !== undefined) {
    return complete && service.confirms(said)
      ? { proof: 'proved' }
      : refused(`it answered ${status} without the ${service.promises} of ${service.name}`);
  }
  return said.startsWith('<')
    ? unproved(`it answered ${status} with a page, as a captive portal does`)
    : { proof: 'proved' };
}

function refused(reason: string): Proof {
  return { proof: 'refused', reason };
}

function unproved(reason: string): Proof {
  return { proof: 'unproved', reason };
}
