import { domainToASCII } from 'node:url';

/** A mailbox, with the name that mail clients show; '' for none. */
export interface MailAddress {
  readonly name: string;
  /** The domain in ASCII. The part before it may be international: a server takes that with SMTPUTF8 (RFC 6531). */
  readonly address: string;
}

/** `"Name, quoted" <address>`, `Name <address>`, or the address alone. Nothing in it can end a header line. */
const FORM = /^(?:"((?:[^"\\\p{C}]|\\[^\p{C}])*)"\s*<([^<>]*)>|(?!")([^<>,;:@\p{C}]*)<([^<>]*)>|([^<>]*))$/u;
const MAILBOX = /^[^\s\p{C}<>(),;:"@\\[\]]+@([^\s\p{C}<>(),;:"@\\]+)$/u;
const MAX_ADDRESS = 254;

/**
 * Reads one address. An international domain becomes ASCII (`münchen.example` becomes `xn--mnchen-3ya.example`).
 *
 * @returns undefined where it is none, or several
 */
export function parseMailAddress(text: string): MailAddress | undefined {
  const match = FORM.exec(text.trim());
  if (match === null) return undefined;
  const [, quoted, ofQuoted, plain = '', ofPlain, alone = ''] = match;
  const address = inAscii((ofQuoted ?? ofPlain ?? alone).trim());
  if (address === undefined) return undefined;
  const name = quoted === undefined ? plain.trim() : quoted.replace(/\\(.)/gu, '$1');
  return { name, address };
}

/** The addresses of a list as a header has it: separated by commas, those in quotation marks excepted. */
export function splitMailAddresses(list: string): readonly string[] {
  const parts = [''];
  let isQuoted = false;
  let isEscaped = false;
  for (const character of list) {
    if (character === ',' && !isQuoted) {
      parts.push('');
      continue;
    }
    if (character === '"' && !isEscaped) isQuoted = !isQuoted;
    isEscaped = isQuoted && character === '\\' && !isEscaped;
    parts.push((parts.pop() ?? '') + character);
  }
  return parts.map((part) => part.trim());
}

function inAscii(address: string): string | undefined {
  const [, domain = ''] = MAILBOX.exec(address) ?? [];
  if (domain === '' || address.length > MAX_ADDRESS) return undefined;
  const local = address.slice(0, -domain.length);
  if (!/[^ -~]/.test(domain)) return address;
  const ascii = domainToASCII(domain);
  return ascii === '' ? undefined : local + ascii;
}
