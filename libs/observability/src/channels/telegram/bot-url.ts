/** The address of a method of the Bot API. It holds the token. */
export function botUrl(root: URL, token: string, method: string): URL {
  const url = new URL(root);
  // A colon is part of every token and needs no escape in a path.
  const segment = encodeURIComponent(token).replaceAll('%3A', ':');
  url.pathname = `${root.pathname.replace(/\/+$/, '')}/bot${segment}/${method}`;
  return url;
}
