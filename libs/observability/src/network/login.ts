/**
 * The value of the header that logs in with what the address has; undefined where it has no login. A `%` that encodes nothing stays, as with
 * curl.
 */
export function basicLogin({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const login = `${decoded(username)}:${decoded(password)}`;
  return `Basic ${Buffer.from(login, 'latin1').toString('base64')}`;
}

/** The bytes that are encoded, each as one character: whichever charset they are in. A URL has nothing beyond ASCII. */
function decoded(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
