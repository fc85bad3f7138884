import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Random } from '@opensqt/trading-events';
import { SMTPServer } from 'smtp-server';
import { Counts, type Flaky, pick } from './come-and-go';
import type { Arrival } from './flaky-provider';

/** The fates of a connection, and of a text; the share of each in a hundred. */
const AT_CONNECTION = { ok: 85, dropping_before: 10, forgetting: 5 } as const;
const AT_TEXT = { accepting: 75, failing: 10, dropping_during: 5, dropping_after: 10 } as const;
type Mood = 'greylisting' | keyof typeof AT_CONNECTION | keyof typeof AT_TEXT;

/**
 * A mail server on loopback that puts off each pair of a sender and a recipient when it first sees it, forgets the pairs, drops
 * connections, and fails now and then, until it is healed: then it only greylists.
 */
export class FlakyMailServer implements Flaky {
  readonly name = 'email';
  private readonly done = new Counts<Mood>();
  private readonly seen = new Set<string>();
  private readonly sockets = new Map<number, Socket>();
  private isHealed = false;
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onConnect: ({ remotePort }, done) => {
      const mood = this.mood(AT_CONNECTION);
      if (mood === 'forgetting') this.seen.clear();
      if (mood === 'dropping_before') this.drop(remotePort);
      else done();
    },
    onRcptTo: ({ address }, { envelope }, done) => {
      const pair = `${JSON.stringify(envelope.mailFrom)} ${address}`;
      if (this.seen.has(pair)) return done();
      this.seen.add(pair);
      this.done.add('greylisting');
      done(Object.assign(new Error('4.7.1 Greylisted, try again later'), { responseCode: 451 }));
    },
    onData: (stream, { remotePort }, done) => {
      const mood = this.mood(AT_TEXT);
      if (mood === 'dropping_during') return this.drop(remotePort);
      const settle = (raw: string): void => {
        const accepted = mood !== 'failing';
        const message = { body: plainPart(raw), idempotencyKey: undefined, accepted };
        this.arrivals.push({ provider: 'email', messageId: this.arrivals.length + 1, ...message });
        if (mood === 'dropping_after') this.drop(remotePort);
        else if (accepted) done();
        else done(Object.assign(new Error('4.3.0 Out of breath'), { responseCode: 451 }));
      };
      text(stream).then(settle, done); // the sender may be killed in between
    },
  });

  constructor(
    private readonly random: Random,
    private readonly arrivals: Arrival[],
  ) {
    this.server.on('error', () => undefined);
  }

  get moods() {
    return this.done.counts;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  async start(): Promise<this> {
    this.server.server.on('connection', (socket: Socket) => {
      const { remotePort = 0 } = socket;
      this.sockets.set(
        remotePort,
        socket.once('close', () => this.sockets.delete(remotePort)),
      );
    });
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }

  heal(): Promise<void> {
    this.isHealed = true;
    this.seen.clear();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.server.close(resolve));
    for (const socket of this.sockets.values()) socket.destroy();
    await closed;
  }

  private drop(remotePort: number): void {
    this.sockets.get(remotePort)?.resetAndDestroy();
  }

  private mood<Kind extends Mood>(shares: Readonly<Record<Kind, number>>): Kind {
    const [usual] = Object.keys(shares) as [Kind];
    const mood = this.isHealed ? usual : pick(this.random, shares);
    if (mood !== 'ok') this.done.add(mood);
    return mood;
  }
}

/** The plain text of a message, as a person reads it. */
function plainPart(raw: string): string {
  const [, encoding = '', part = ''] =
    /Content-Type: text\/plain[^]*?Content-Transfer-Encoding: (\S+)[^]*?\r\n\r\n([^]*?)\r\n--/.exec(raw) ??
    [];
  if (encoding === 'base64') return Buffer.from(part, 'base64').toString('utf8');
  const bytes = part
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
