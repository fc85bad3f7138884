import { type Schema, entryOf, metadataOf, shapeOf } from './schema-walk';

/** Shorter parts of a URL, such as `/`, would also be found where they are no secret. */
const SHORTEST_PART = 4;

/**
 * Every value that must not be printed, by the schema: secrets, the parts of secret URLs that let others post, passwords in
 * URLs. Longest first, so that a whole URL is replaced before its parts are.
 */
export function secretsIn(schema: Schema, options: unknown): readonly string[] {
  const secrets = secretsOf(schema, options);
  return [...new Set(secrets)].toSorted((a, b) => b.length - a.length);
}

function secretsOf(schema: Schema, value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const entry = entryOf(schema);
  if (entry !== undefined) return Array.isArray(value) ? value.flatMap((item) => secretsOf(entry, item)) : [];
  const shape = shapeOf(schema);
  if (shape !== undefined) {
    return Object.entries(shape).flatMap(([key, part]) =>
      secretsOf(part, (value as Readonly<Record<string, unknown>>)[key]),
    );
  }
  const isSecret = metadataOf(schema)['secret'] === true;
  if (typeof value === 'string') return isSecret ? [value, ...partsOf(value)] : passwordOf(value);
  return isSecret ? Object.values(value).flatMap(credentialsOf) : [];
}

/** A header's value, and what of it is more than the name of a scheme: of `Bearer abc` also `abc`. */
function credentialsOf(value: unknown): readonly string[] {
  return [String(value), ...String(value).split(' ').slice(1)].filter((part) => part.length >= SHORTEST_PART);
}

function partsOf(address: string): readonly string[] {
  const url = URL.parse(address);
  if (url === null) return [];
  if (!/^https?:$/.test(url.protocol)) return passwordOf(address);
  const parts = [`${url.pathname}${url.search}`, url.pathname, url.search];
  return [...parts.filter((part) => part.length >= SHORTEST_PART), ...passwordOf(address)];
}

function passwordOf(address: string): readonly string[] {
  const url = URL.parse(address);
  const passwords = [url?.password, url?.searchParams.get('password')];
  return passwords.flatMap((password) => (password ? [password, decoded(password)] : []));
}

/** A password with a stray % is no URL encoding. */
function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
