import { channelFrom } from '../testing/channel-from';
import { failureOfSending } from '../testing/failure-of-sending';
import { notification } from '../testing/notification';
import { email } from './email.channel';
import { type MailServer, startMailServer, startScriptedMailServer } from './testing/mail-server';

describe('Addresses of e-mails', () => {
  let server: MailServer;
  beforeEach(async () => (server = await startMailServer()));
  afterEach(() => server.close());

  const channel = (options: object, port = server.port) =>
    channelFrom(email, { host: '127.0.0.1', port, secure: 'none', ...options }, { timeoutMs: 2_000 });

  async function mailed(options: object) {
    await channel(options).send(notification(), new AbortController().signal);
    const mail = server.mails.at(-1);
    if (mail === undefined) throw new Error('nothing was mailed');
    return mail;
  }

  it('have names with commas, and go to each of a list in one text', async () => {
    const mail = await mailed({
      from: '"Desk, Night" <alerts@desk.example>',
      to: '"Müller, Eve" <eve@desk.example>, bob@desk.example',
    });
    expect(mail.from).toBe('alerts@desk.example');
    expect(mail.to).toEqual(['eve@desk.example', 'bob@desk.example']);
    expect(mail.headers['from']).toBe('"Desk, Night" <alerts@desk.example>');
    expect(mail.headers['to']).toMatch(/^=\?UTF-8\?.*\?= <eve@desk\.example>, bob@desk\.example$/);
  });

  it('have international domains in ASCII, in the envelope as in the header', async () => {
    const scripted = await startScriptedMailServer({});
    try {
      const options = { from: 'alerts@münchen.example', to: ['Eve <eve@bücher.example>'] };
      await channel(options, scripted.port).send(notification(), new AbortController().signal);
      expect(scripted.senders).toEqual(['MAIL FROM:<alerts@xn--mnchen-3ya.example>']);
      expect(scripted.recipients).toEqual(['RCPT TO:<eve@xn--bcher-kva.example>']);
      expect(scripted.texts.join()).toContain('To: Eve <eve@xn--bcher-kva.example>');
    } finally {
      scripted.close();
    }
  });

  it('may be several senders, the first of which sends', async () => {
    const mail = await mailed({ from: ['a@desk.example', 'B <b@desk.example>'], to: 'eve@desk.example' });
    expect(mail.from).toBe('a@desk.example');
    expect(mail.headers['from']).toBe('a@desk.example, B <b@desk.example>');
    expect(mail.headers['sender']).toBe('a@desk.example');
  });

  it('that are international before the @ are sent with SMTPUTF8', async () => {
    const scripted = await startScriptedMailServer({ EHLO: '250-hello\r\n250-8BITMIME\r\n250 SMTPUTF8' });
    try {
      const sender = channel({ from: 'alerts@desk.example', to: ['jõgi@bücher.example'] }, scripted.port);
      await sender.send(notification(), new AbortController().signal);
      expect(scripted.senders).toEqual([expect.stringContaining(' SMTPUTF8')]);
      expect(scripted.recipients).toEqual(['RCPT TO:<jõgi@xn--bcher-kva.example>']);
      expect(scripted.texts.join()).toMatch(/^To: jõgi@/m);
    } finally {
      scripted.close();
    }
  });

  it('that are international before the @ break the channel where the server takes none, and the others get the message', async () => {
    const refusal = '553 5.6.7 no international addresses here';
    const scripted = await startScriptedMailServer({ RCPT: [refusal, '250 ok', refusal] });
    try {
      const both = channel(
        { from: 'a@desk.example', to: ['jõgi@b.example', 'bob@b.example'] },
        scripted.port,
      );
      await both.send(notification(), new AbortController().signal);
      expect(scripted.texts).toHaveLength(1);
      const alone = channel({ from: 'a@desk.example', to: ['jõgi@b.example'] }, scripted.port);
      expect(await failureOfSending(alone)).toMatchObject({ outcome: 'broken' });
    } finally {
      scripted.close();
    }
  });
});
