const REPLACEMENT = '***';

/** Replaces secrets in a text. */
export type Redact = (text: string) => string;

/**
 * A last line of defence: whatever a library puts into its messages, the secrets that are known do not get out.
 * They are found as they are, as JSON escapes them and as URLs encode them.
 *
 * @example
 * redactor(['123:abc'])('token 123:abc'); // 'token ***'
 */
export function redactor(secrets: readonly string[]): Redact {
  const forms = new Set(
    secrets
      .filter((secret) => secret !== '')
      .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]),
  );
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((redacted, form) => redacted.replaceAll(form, REPLACEMENT), text);
}
