import { eventually } from '@opensqt/trading-events/testing';
import type { AlertChannel } from '../channel';
import type { ChannelEnvironment } from '../channel-definition';
import { channelFrom } from '../testing/channel-from';
import { email } from './email.channel';
import { everythingOf } from '../testing/everything-of';
import { networkOf } from '../../network/network';
import { failureOfSending } from '../testing/failure-of-sending';
import { HOSTILE_TEXTS } from '../testing/hostile-texts';
import {
  type MailServer,
  type ReceivedMail,
  type ScriptedReply,
  type Stage,
  startMailServer,
  startScriptedMailServer,
} from './testing/mail-server';
import { notification } from '../testing/notification';
import { selfSignedCertificate } from './testing/self-signed-certificate';

const PASSWORD = 's3cr3t-pass';
const SECRETS = [
  PASSWORD,
  Buffer.from(PASSWORD).toString('base64'),
  Buffer.from(`\0eve\0${PASSWORD}`).toString('base64'),
];

interface Given extends Pick<ChannelEnvironment, 'timeoutMs'> {
  readonly ca?: string;
  readonly host?: string;
  readonly port?: number;
  readonly secure?: 'starttls' | 'tls' | 'none';
  readonly user?: string;
  readonly password?: string;
  readonly from?: string;
  readonly to?: string[];
}

const channel = ({ timeoutMs = 2_000, ca, ...options }: Given): AlertChannel =>
  channelFrom(
    email,
    {
      host: '127.0.0.1',
      from: 'OpenSQT <alerts@desk.example>',
      to: ['eve@desk.example', 'Bob <bob@desk.example>'],
      ...options,
    },
    { timeoutMs, network: networkOf({ ca }) },
  );

describe('EmailChannel and a mail server', () => {
  let server: MailServer;
  beforeEach(async () => (server = await startMailServer()));
  afterEach(() => server.close());

  const trusting = (options: Given = {}): AlertChannel =>
    channel({ port: server.port, ca: server.certificate.cert, ...options });

  async function mailedBy(sender: AlertChannel, given = {}): Promise<ReceivedMail> {
    await sender.send(notification(given), new AbortController().signal);
    const mail = server.mails.at(-1);
    if (mail === undefined) throw new Error('nothing was mailed');
    return mail;
  }

  it('logs in over STARTTLS and sends to everybody', async () => {
    const mail = await mailedBy(trusting({ user: 'eve', password: PASSWORD }));

    expect(mail).toMatchObject({
      from: 'alerts@desk.example',
      to: ['eve@desk.example', 'bob@desk.example'],
      user: 'eve',
      secure: true,
      headers: {
        from: 'OpenSQT <alerts@desk.example>',
        to: 'eve@desk.example, Bob <bob@desk.example>',
        subject: expect.stringMatching(/^=\?UTF-8\?/),
        'auto-submitted': 'auto-generated',
        importance: 'high',
        'content-type': expect.stringContaining('multipart/alternative'),
      },
    });
    expect(mail.raw).toContain('Drawdown reached 6 % (limit 5 %). Trading is stopped.');
  });

  it('forms a thread: the others answer the first, and a second attempt has the id of the first', async () => {
    const first = await mailedBy(trusting());
    const again = await mailedBy(trusting(), { possibleDuplicate: true });
    const escalated = await mailedBy(trusting(), { kind: 'escalated', timestamp: new Date(1) });
    const resolved = await mailedBy(trusting(), { kind: 'resolved', timestamp: new Date(2) });

    const id = first.headers['message-id'];
    expect(id).toMatch(/^<[0-9a-f]{64}@desk\.example>$/);
    expect(again.headers['message-id']).toBe(id);
    expect(first.headers).not.toHaveProperty('in-reply-to');
    for (const { headers } of [escalated, resolved]) {
      expect(headers).toMatchObject({ 'in-reply-to': id, references: id });
    }
    expect(new Set([id, escalated.headers['message-id'], resolved.headers['message-id']]).size).toBe(3);
  });

  it('speaks TLS from the start', async () => {
    const other = await startMailServer({ tls: true });
    const ca = other.certificate.cert;
    await channel({ port: other.port, secure: 'tls', ca }).send(notification(), new AbortController().signal);

    expect(other.mails).toMatchObject([{ secure: true }]);
    await other.close();
  });

  it.each(['starttls', 'none'] as const)(
    'sends over a connection that is %s as configured',
    async (secure) => {
      expect((await mailedBy(trusting({ secure }))).secure).toBe(secure === 'starttls');
    },
  );

  it('sends nothing to a server whose certificate is not trusted', async () => {
    const ca = selfSignedCertificate().cert;
    const failure = await failureOfSending(trusting({ ca, user: 'eve', password: PASSWORD }));

    expect(failure).toMatchObject({ outcome: 'transient' });
    expect(failure?.message).toContain('SELF_SIGNED');
    expect(server.mails).toEqual([]);
  });

  it('is broken by a wrong password, which nobody gets to see', async () => {
    const wrong = trusting({ user: 'eve', password: 'wr0ng-pass' });
    const failure = await failureOfSending(wrong);

    expect(failure).toMatchObject({ outcome: 'broken' });
    expect(failure?.message).toContain('alerts.email.host, port, secure, user, password');
    expect(everythingOf(failure) + everythingOf(wrong)).not.toContain('wr0ng-pass');
  });

  it.each(HOSTILE_TEXTS)('sends %s as mere text', async (_, text) => {
    const { headers, raw } = await mailedBy(trusting(), {
      title: text,
      message: text,
      fields: { [text]: text },
      fingerprint: text,
    });

    expect(Object.keys(headers).sort()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'importance',
      'message-id',
      'mime-version',
      'subject',
      'to',
      'x-auto-response-suppress',
      'x-priority',
    ]);
    expect(raw.split('\r\n').filter((line) => line.length > 998)).toEqual([]);
    const [plain = '', html = ''] = raw.split('Content-Type: text/html');
    expect(html.replace(/=\r\n/g, '')).not.toMatch(/<(?!\/?(?:p|b|br|table|tr|td)>)/);
    expect(plain + html).not.toContain('\0');
    expect(server.mails).toHaveLength(1);
  });
});

describe('EmailChannel and a server that misbehaves', () => {
  async function failureWith(
    script: Partial<Record<Stage, ScriptedReply | readonly ScriptedReply[]>>,
    options: Given = {},
  ) {
    const server = await startScriptedMailServer(script);
    const login = { user: 'eve', password: PASSWORD };
    const sender = channel({ port: server.port, secure: 'none', timeoutMs: 300, ...login, ...options });
    const long = notification({ message: 'x'.repeat(9_000) });
    const failure = await failureOfSending(sender, undefined, long);
    server.close();
    return { failure, texts: server.texts };
  }

  it.each<[Stage, ScriptedReply, string | undefined]>([
    ['greeting', '220 ready', undefined],
    ['greeting', '421 too busy', 'transient'],
    ['greeting', '554 no service', 'broken'],
    ['greeting', 'hang', 'transient'],
    ['greeting', 'hang up', 'transient'],
    ['EHLO', '421 going down', 'transient'],
    ['EHLO', 'hang', 'transient'],
    ['AUTH', '535 5.7.8 no', 'broken'],
    ['AUTH', '534 5.7.9 needs more', 'broken'],
    ['AUTH', '454 4.7.0 not now', 'transient'],
    ['AUTH', 'hang up', 'transient'],
    ['MAIL', '550 5.7.1 sender refused', 'broken'],
    ['MAIL', '451 try again', 'transient'],
    ['MAIL', '503 bad sequence', 'transient'],
    ['RCPT', '550 5.1.1 no such user', 'broken'],
    ['RCPT', '554 5.7.1 relay access denied', 'broken'],
    ['RCPT', '552 5.2.2 mailbox full', 'transient'],
    ['RCPT', '450 4.2.0 greylisted', 'transient'],
    ['RCPT', '550 5.7.1 Greylisted, come back in 5 minutes', 'transient'],
    ['RCPT', 'reset', 'transient'],
    ['RCPT', 'hang', 'transient'],
    ['DATA', '451 not now', 'transient'],
    ['DATA', '554 no', 'rejected'],
    ['DATA', 'hang', 'transient'],
    ['text', '250 queued', undefined],
    ['text', '451 not now', 'transient'],
    ['text', '554 5.7.1 spam', 'rejected'],
    ['text', '550 5.1.1 no such user', 'broken'],
    ['text', '554 5.7.1 relay access denied', 'broken'],
    ['text', '552 5.2.2 mailbox full', 'transient'],
    ['text', '552 5.3.4 too big', 'too_large'],
    ['text', '554 5.3.4 too big', 'too_large'],
    ['text', 'hang', 'ambiguous'],
    ['text', 'hang up', 'ambiguous'],
    ['text', 'reset', 'ambiguous'],
  ])('that says to %s: %s', async (stage, reply, outcome) => {
    const { failure } = await failureWith({ [stage]: reply });

    expect(failure?.outcome).toBe(outcome);
  });

  it('is transient when nothing listens', async () => {
    const closed = await startScriptedMailServer({});
    closed.close();

    const failure = await failureOfSending(channel({ port: closed.port, secure: 'none' }));
    expect(failure).toMatchObject({ outcome: 'transient' });
    expect(failure?.message).toContain('ECONNREFUSED');
  });

  it('is transient when the name does not resolve', async () => {
    const lost = channel({ host: 'mail.invalid', secure: 'none' });

    expect(await failureOfSending(lost)).toMatchObject({ outcome: 'transient' });
  });

  it('refuses to go on without TLS where the server has none', async () => {
    const { failure, texts } = await failureWith({}, { secure: 'starttls' });

    expect(failure).toMatchObject({ outcome: 'broken' });
    expect(texts).toEqual([]);
  });

  it('sends a shorter message once when the first is too large', async () => {
    const { failure, texts } = await failureWith({ text: ['552 too big', '250 queued'] });
    const [first = '', second = ''] = texts;

    expect(failure).toBeUndefined();
    expect(texts).toHaveLength(2);
    expect(second.length).toBeLessThan(first.length / 2);
  });

  it('is delivered when some of the recipients are refused', async () => {
    const { failure, texts } = await failureWith({ RCPT: ['550 5.1.1 no such user', '250 ok'] });

    expect(failure).toBeUndefined();
    expect(texts).toHaveLength(1);
  });

  it('sends again to a recipient that was put off, and to nobody who has the message', async () => {
    const server = await startScriptedMailServer({ RCPT: ['250 ok', '450 4.2.0 greylisted', '250 ok'] });
    const sender = channel({ port: server.port, secure: 'none' });

    expect(await failureOfSending(sender)).toMatchObject({
      outcome: 'transient',
      message: expect.stringContaining('1 of 2 recipients have the message'),
    });
    expect(await failureOfSending(sender)).toBeUndefined();
    server.close();
    expect(server.recipients).toEqual([
      'RCPT TO:<eve@desk.example>',
      'RCPT TO:<bob@desk.example>',
      'RCPT TO:<bob@desk.example>',
    ]);
    expect(server.texts).toHaveLength(2);
  });

  it('waits longer for a greeting than for a connection', async () => {
    const server = await startScriptedMailServer({}, { greetingAfterMs: 400 });
    const sender = channelFrom(email, {
      ...{ host: '127.0.0.1', port: server.port, secure: 'none', from: 'a@desk.example' },
      ...{ to: ['eve@desk.example'], timeout: 100, greetingTimeout: 5_000 },
    });

    expect(await failureOfSending(sender)).toBeUndefined();
    server.close();
  });

  it.each(['AUTH', 'MAIL', 'RCPT', 'text'] as const)(
    'shows no secret that it echoes at %s',
    async (stage) => {
      const { failure } = await failureWith({ [stage]: `550 no: ${SECRETS.join(' ')}` });
      const shown = everythingOf(failure);

      expect(failure?.message).toContain('550 no: [redacted]');
      expect(SECRETS.filter((secret) => shown.includes(secret))).toEqual([]);
    },
  );

  it('sends nothing when it is stopped before, and is ambiguous when it is stopped with the text under way', async () => {
    const server = await startScriptedMailServer({ text: 'hang' });
    const sender = channel({ port: server.port, secure: 'none', timeoutMs: 10_000 });

    expect(await failureOfSending(sender, AbortSignal.abort())).toMatchObject({ outcome: 'transient' });
    expect(server.texts).toEqual([]);

    const stopping = new AbortController();
    const sending = failureOfSending(sender, stopping.signal);
    await eventually(() => expect(server.texts).not.toEqual([]));
    stopping.abort();
    expect(await sending).toMatchObject({ outcome: 'ambiguous' });
    server.close();
  });
});

describe('EmailChannel', () => {
  it.each(['eve', 'eve@', 'a@b, c@d', 'Eve <eve@desk.example>\r\nBcc: x@y', 'Eve <eve@desk.example'])(
    'refuses the address %j',
    (address) => {
      expect(() => channel({ to: [address] })).toThrow('an address such as eve@desk.example');
      expect(() => channel({ from: address })).toThrow('an address such as eve@desk.example');
    },
  );

  it('refuses to be made without a recipient', () => {
    expect(() => channel({ to: [] })).toThrow('a value while alerts.email.enabled is true');
  });

  it('shows no password when it is printed', () => {
    expect(everythingOf(channel({ user: 'eve', password: PASSWORD }))).not.toContain(PASSWORD);
  });
});
