import { once } from 'node:events';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import type { NodemailerError } from 'nodemailer/lib/errors';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { reasonOf } from '../http/attempt';
import { type SmtpPhase, type SmtpTrouble, smtpFailure } from './smtp-failure';

/** The protection of a connection. */
export type SmtpSecurity = 'starttls' | 'tls' | 'none';

/** A server and the login there. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly secure: SmtpSecurity;
  /** Absent: without a login. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
  /** PEM certificates to trust besides the system's own. */
  readonly trustedCertificates: string | undefined;
  /** Texts that an error must not show. */
  readonly secrets: readonly string[];
}

/** A message as it is sent. */
export interface SmtpMessage {
  readonly from: string;
  readonly to: readonly string[];
  readonly content: Buffer;
}

/**
 * Sends a message once, over a connection of its own.
 *
 * @returns how many recipients the server refused; not all of them
 * @throws DeliveryError `ambiguous` from the moment the server had the message's text and has not answered; before it
 *   `transient`, whatever broke. It has no cause: errors of the connection hold what the server said
 */
export async function sendOnce(
  server: SmtpServer,
  { from, to, content }: SmtpMessage,
  signal: AbortSignal,
): Promise<number> {
  let phase: SmtpPhase = 'connecting';
  const connection = new SMTPConnection(connectionOptions(server));
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
    const info = await step<{ readonly rejected: readonly unknown[] }>((done) =>
      connection.send(envelope, text, (error, result) => done(error ?? null, result ?? undefined)),
    );
    connection.quit();
    return info?.rejected.length ?? 0;
  } catch (error) {
    connection.close();
    throw smtpFailure(troubleOf(error, phase, signal), server.secrets);
  } finally {
    stop.abort();
    ended.catch(() => undefined);
    // One that comes after the end would otherwise end the process.
    connection.on('error', () => undefined);
  }
}

function connectionOptions({ host, port, secure, trustedCertificates }: SmtpServer) {
  return {
    host,
    port,
    secure: secure === 'tls',
    requireTLS: secure === 'starttls',
    ignoreTLS: secure === 'none',
    tls: trustedCertificates === undefined ? {} : { ca: [...rootCertificates, trustedCertificates] },
  };
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
