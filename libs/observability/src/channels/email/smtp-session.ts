import { once } from 'node:events';
import { Readable } from 'node:stream';
import { attemptSignal } from '../http/attempt';
import type { NodemailerError } from 'nodemailer/lib/errors';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Socket } from 'node:net';
import { connectTcp } from '../../network/connect';
import { reasonOf } from '../../network/http-exchange';
import { type SmtpPhase, type SmtpRefusal, type SmtpTrouble, smtpFailure } from './smtp-failure';

/** The protection of a connection. */
export type SmtpSecurity = 'starttls' | 'tls' | 'none';

/** Limits of a session's waits, in milliseconds. */
export interface SmtpTimeouts {
  readonly connection: number;
  readonly greeting: number;
  /** For each later answer. */
  readonly data: number;
}

/** A server and the login there. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly secure: SmtpSecurity;
  /** Absent: without a login. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
  /** PEM certificates of the trusted authorities; undefined: Node's own. */
  readonly ca: readonly string[] | undefined;
  readonly timeouts: SmtpTimeouts;
  /** Texts that an error must not show. */
  readonly secrets: readonly string[];
}

/** A message as it is sent. */
export interface SmtpMessage {
  readonly from: string;
  readonly to: readonly string[];
  readonly content: Buffer;
}

/** The content of a message, as it goes over the wire. Nothing is read from files or URLs that it names. */
export function composed(message: ConstructorParameters<typeof MailComposer>[0]): Promise<Buffer> {
  return new MailComposer({ ...message, disableFileAccess: true, disableUrlAccess: true }).compile().build();
}

/**
 * Sends a message once, over a connection of its own.
 *
 * @returns the recipients that the server refused, possibly all of them
 * @throws DeliveryError `ambiguous` from the moment the server had the message's text and has not answered; before it
 *   `transient`, whatever broke. It has no cause: errors of the connection hold what the server said
 */
export async function sendOnce(
  server: SmtpServer,
  { from, to, content }: SmtpMessage,
  signal: AbortSignal,
): Promise<readonly SmtpRefusal[]> {
  let phase: SmtpPhase = 'connecting';
  const socket = await connectTcp(
    server.host,
    server.port,
    attemptSignal(signal, server.timeouts.connection),
  ).catch((error: unknown) => {
    throw smtpFailure(troubleOf(error, phase, signal), server.secrets);
  });
  const connection = new SMTPConnection(connectionOptions(server, socket));
  const stop = new AbortController();
  const ended = Promise.race([
    once(connection, 'error', { signal: stop.signal }).then(([error]) => Promise.reject(error as Error)),
    aborted(signal, stop.signal),
  ]);
  const step = <Value>(run: (done: (error: Error | null, value?: Value) => void) => void) =>
    Promise.race([
      ended,
      new Promise<Value | undefined>((resolve, reject) =>
        run((error, value) => (error === null ? resolve(value) : reject(error))),
      ),
    ]);
  const text = Readable.from(
    (function* () {
      // Read only once the server has said that it takes the text.
      phase = 'data';
      yield content;
    })(),
  );

  try {
    signal.throwIfAborted();
    await step((done) => connection.connect((error) => done(error ?? null)));
    const { login } = server;
    if (login !== undefined) {
      phase = 'logging_in';
      const auth = { user: login.user, pass: login.password };
      await step((done) => connection.login(auth, (error) => done(error ?? null)));
    }
    phase = 'addressing';
    const envelope = { from, to: [...to] };
    const info = await step<{ readonly rejectedErrors?: readonly NodemailerError[] | undefined }>((done) =>
      connection.send(envelope, text, (error, result) => done(error ?? null, result ?? undefined)),
    );
    connection.quit();
    return refusalsIn(info?.rejectedErrors);
  } catch (error) {
    connection.close();
    socket.destroy();
    const refused = signal.aborted ? [] : refusalsIn((error as NodemailerError).rejectedErrors);
    if (refused.length === to.length) return refused;
    throw smtpFailure(troubleOf(error, phase, signal), server.secrets);
  } finally {
    stop.abort();
    ended.catch(() => undefined);
    // One that comes after the end would otherwise end the process.
    connection.on('error', () => undefined);
  }
}

function connectionOptions({ host, port, secure, ca, timeouts }: SmtpServer, connection: Socket) {
  return {
    host,
    port,
    connection,
    // Nodemailer's greeting ends with its connection's timeout, and the connection stands.
    connectionTimeout: timeouts.connection + timeouts.greeting,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.data,
    secure: secure === 'tls',
    requireTLS: secure === 'starttls',
    ignoreTLS: secure === 'none',
    tls: ca === undefined ? {} : { ca: [...ca] },
  };
}

function refusalsIn(errors: readonly NodemailerError[] = []): readonly SmtpRefusal[] {
  return errors.flatMap(({ recipient, response, responseCode }) =>
    typeof recipient === 'string' && response !== undefined && responseCode !== undefined
      ? [{ recipient, reply: { code: responseCode, text: response } }]
      : [],
  );
}

/** Rejects when the attempt is stopped. Until then it stays pending, and forgets about it once the session is over. */
function aborted(attempt: AbortSignal, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stopped = (): void => reject(new Error('stopped', { cause: attempt.reason }));
    attempt.addEventListener('abort', stopped, { once: true, signal: over });
  });
}

function troubleOf(error: unknown, phase: SmtpPhase, attempt: AbortSignal): SmtpTrouble {
  const { code, response, responseCode, command = '' } = error as NodemailerError;
  const hasReply = !attempt.aborted && response !== undefined && responseCode !== undefined;
  return {
    phase,
    reply: hasReply ? { code: responseCode, text: response } : undefined,
    command,
    reason: reasonOf(error, attempt),
    unsupported: !attempt.aborted && code === 'EAUTH',
  };
}
