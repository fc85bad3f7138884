/** One address, with or without a name: no list, no group, and nothing that ends a header line. */
export const MAIL_ADDRESS =
  /^(?:[^<>,;:@\p{Cc}]*<([^\s<>,;:"@]+@[^\s<>,;:"@]+)>|([^\s<>,;:"@]+@[^\s<>,;:"@]+))$/u;

/** The address without its name: `Eve <eve@desk.example>` becomes `eve@desk.example`. */
export function bareAddress(text: string): string {
  const [, named, bare] = MAIL_ADDRESS.exec(text.trim()) ?? [];
  return named ?? bare ?? text;
}
