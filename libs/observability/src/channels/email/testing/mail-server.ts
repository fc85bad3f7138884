import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { type Certificate, selfSignedCertificate } from './self-signed-certificate';

/** A message as a mail server has it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** The user that had logged in; empty: nobody. */
  readonly user: string;
  /** True when it came over TLS. */
  readonly secure: boolean;
  /** Header and body, as they came. */
  readonly raw: string;
  /** The header's lines by lower-case name, continuations joined. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A mail server on loopback. */
export interface MailServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  readonly certificate: Certificate;
  close(): Promise<void>;
}

/** A real mail server that takes `eve` with `s3cr3t-pass`. With `tls` it expects TLS from the start, otherwise it offers STARTTLS. */
export async function startMailServer(options: { readonly tls?: true } = {}): Promise<MailServer> {
  const certificate = selfSignedCertificate();
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    ...certificate,
    secure: options.tls ?? false,
    authOptional: true,
    disableReverseLookup: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'eve' && password === 's3cr3t-pass'
        ? done(null, { user: username })
        : done(new Error(`Invalid username or password: ${username} ${password}`)),
    onData: (stream, { envelope, user, secure }, done) =>
      void text(stream).then((raw) => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        mails.push({ from, to, user: String(user ?? ''), secure, raw, headers: headersOf(raw) });
        done();
      }),
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    mails,
    certificate,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

/** The points at which a server says something. */
export type Stage = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'text';

/** A line, or what to do instead of an answer. */
export type ScriptedReply = string | 'hang' | 'hang up' | 'reset';

const USUAL: Readonly<Record<Stage, string>> = {
  greeting: '220 ready',
  EHLO: '250-hello\r\n250 AUTH PLAIN',
  AUTH: '235 welcome',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  text: '250 queued',
};

/** Speaks just enough SMTP to misbehave at a given point; the rest is as usual. */
export async function startScriptedMailServer(
  script: Partial<Record<Stage, ScriptedReply | readonly ScriptedReply[]>>,
  { greetingAfterMs = 0 }: { readonly greetingAfterMs?: number } = {},
): Promise<{
  readonly port: number;
  readonly texts: readonly string[];
  /** The `MAIL` commands that came. */
  readonly senders: readonly string[];
  /** The `RCPT` commands that came. */
  readonly recipients: readonly string[];
  close(): void;
}> {
  const texts: string[] = [];
  const senders: string[] = [];
  const recipients: string[] = [];
  const upcoming = new Map(Object.entries(script).map(([stage, reply]) => [stage, [reply].flat()]));
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    const say = (stage: Stage): void => {
      const replies = upcoming.get(stage);
      const reply =
        (replies !== undefined && replies.length > 1 ? replies.shift() : replies?.[0]) ?? USUAL[stage];
      if (reply === 'hang up') socket.end();
      else if (reply === 'reset') socket.resetAndDestroy();
      else if (reply !== 'hang') socket.write(`${reply}\r\n`);
    };
    let received = '';
    let inText = false;
    socket.on('data', (chunk) => {
      received += chunk.toString('utf8');
      for (;;) {
        const end = inText ? '\r\n.\r\n' : '\r\n';
        const at = received.indexOf(end);
        if (at < 0) return;
        const part = received.slice(0, at);
        received = received.slice(at + end.length);
        if (inText) {
          texts.push(part);
          inText = false;
          say('text');
          continue;
        }
        const stage = (['EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA'] as const).find((verb) =>
          part.startsWith(verb),
        );
        if (stage === 'MAIL') senders.push(part);
        if (stage === 'RCPT') recipients.push(part);
        if (part === 'QUIT') socket.end('221 bye\r\n');
        else if (stage === undefined) socket.write('502 not here\r\n');
        else {
          inText = stage === 'DATA';
          say(stage);
        }
      }
    });
    if (greetingAfterMs === 0) say('greeting');
    else setTimeout(() => say('greeting'), greetingAfterMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, texts, senders, recipients, close };
}

function headersOf(raw: string): Readonly<Record<string, string>> {
  const [head = ''] = raw.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
}
