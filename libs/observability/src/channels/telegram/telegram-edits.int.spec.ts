import { Logger } from '@nestjs/common';
import type { AlertNotification } from '../channel';
import { channelFrom } from '../testing/channel-from';
import { telegram } from './telegram.channel';
import { failureOfSending } from '../testing/failure-of-sending';
import { HOSTILE_TEXTS } from '../testing/hostile-texts';
import { notification } from '../testing/notification';
import { type ProviderServer, startProviderServer } from '../testing/provider-server';

const FIRST = '-100/7';
const sent = (id: number): string => JSON.stringify({ ok: true, result: { message_id: id } });
const escalated = { kind: 'escalated', level: 'ERROR', earlier: { reference: FIRST } } as const;
const resolved = {
  kind: 'resolved',
  title: 'Circuit breaker reset: BTCUSDT',
  fields: { Lasted: '12 min' },
  earlier: { reference: FIRST },
} as const;

describe('TelegramChannel, of an alert that it sent before', () => {
  let server: ProviderServer;
  const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  beforeEach(async () => (server = await startProviderServer()));
  afterEach(async () => {
    warned.mockClear();
    await server.close();
  });
  afterAll(() => warned.mockRestore());

  const channel = (options: { chatId?: string; messageThreadId?: number } = {}, timeoutMs = 10_000) =>
    channelFrom(
      telegram,
      { botToken: '1:token', chatId: '-100', apiRoot: server.url, ...options },
      { timeoutMs },
    );
  const send = (given: Partial<AlertNotification>, options?: { chatId?: string; messageThreadId?: number }) =>
    channel(options).send(notification(given), new AbortController().signal);
  const methods = (): readonly unknown[] => server.requests.map(({ path }) => path.split('/').at(-1));
  const bodies = (): readonly unknown[] => server.requests.map(({ json }) => json);

  it('says which message it sent', async () => {
    server.answer(200, sent(7));

    expect(await send({})).toEqual({ reference: FIRST });
  });

  it('answers with an escalation first, which notifies, then changes the message', async () => {
    server.answer(200, sent(8)).answer(200, sent(7));

    expect(await send(escalated)).toEqual({ reference: FIRST });
    expect(methods()).toEqual(['sendMessage', 'editMessageText']);
    expect(bodies()).toMatchObject([
      {
        chat_id: '-100',
        reply_parameters: { message_id: 7, allow_sending_without_reply: true },
        disable_notification: false,
        text: expect.stringContaining('ESCALATED to ERROR'),
      },
      { chat_id: '-100', message_id: 7, text: expect.stringContaining('ESCALATED to ERROR') },
    ]);
  });

  it('changes the message of what is resolved, then answers it', async () => {
    server.answer(200, sent(7)).answer(200, sent(8));

    expect(await send(resolved)).toEqual({ reference: FIRST });
    expect(methods()).toEqual(['editMessageText', 'sendMessage']);
    expect(bodies()).toMatchObject([
      { message_id: 7, text: expect.stringContaining('12 min') },
      { reply_parameters: { message_id: 7 }, text: expect.stringContaining('RESOLVED') },
    ]);
  });

  it('sends a repeat as a short answer', async () => {
    server.answer(200, sent(8));

    expect(await send({ kind: 'repeated', earlier: { reference: FIRST } })).toEqual({ reference: FIRST });
    expect(bodies()).toMatchObject([{ reply_parameters: { message_id: 7 } }]);
    expect(JSON.stringify(bodies())).not.toContain('Threshold');
  });

  it('takes an edit for made when Telegram says that nothing changed', async () => {
    server.refuse(400, 'Bad Request: message is not modified: specified new message content …');
    server.answer(200, sent(8));

    expect(await send(resolved)).toEqual({ reference: FIRST });
    expect(methods()).toEqual(['editMessageText', 'sendMessage']);
  });

  it.each(['Bad Request: message to edit not found', "Bad Request: message can't be edited"])(
    'sends anew after "%s"',
    async (description) => {
      server.refuse(400, description).answer(200, sent(9));

      expect(await send(resolved)).toEqual({ reference: '-100/9' });
      expect(methods()).toEqual(['editMessageText', 'sendMessage']);
      expect(bodies()[1]).not.toHaveProperty('reply_parameters');
    },
  );

  it('counts an escalation as delivered when the edit after it fails, and says what is shown now', async () => {
    server.answer(200, sent(8)).refuse(403, 'Forbidden');

    expect(await send(escalated)).toEqual({ reference: FIRST });
    expect(warned).toHaveBeenCalledWith(expect.stringContaining('still shows the lower level'));
  });

  it('answers what is resolved also when the outcome of the edit is unknown', async () => {
    server.reset().answer(200, sent(8));

    expect(await send(resolved)).toEqual({ reference: FIRST });
    expect(methods()).toEqual(['editMessageText', 'sendMessage']);
  });

  it('18: touches no message of the supergroup that happens to have the number of the old one', async () => {
    server.refuse(400, 'Bad Request: group chat was upgraded', { migrate_to_chat_id: -100200 });
    server.refuse(400, 'Bad Request: group chat was upgraded', { migrate_to_chat_id: -100200 });
    server.answer(200, sent(1));

    expect(await send(resolved)).toEqual({ reference: '-100200/1' });
    expect(bodies()).toMatchObject([{ chat_id: '-100' }, { chat_id: '-100' }, { chat_id: '-100200' }]);
    expect(methods()).toEqual(['editMessageText', 'sendMessage', 'sendMessage']);
  });

  it('18: answers nothing in the supergroup that an escalation moves to', async () => {
    server.refuse(400, 'Bad Request: group chat was upgraded', { migrate_to_chat_id: -100200 });
    server.answer(200, sent(1)).answer(200, sent(2));

    expect(await send(escalated)).toEqual({ reference: '-100200/2' });
    expect(bodies()[1]).not.toHaveProperty('reply_parameters');
    expect(methods()).toEqual(['sendMessage', 'sendMessage', 'sendMessage']);
  });

  it.each(['', '-200/7', '-100/x', '-100/7/8', 'C024BE91L/1700000000.000100'])(
    'sends anew when the earlier message is none of this chat: %j',
    async (reference) => {
      server.answer(200, sent(9));

      expect(await send({ ...resolved, earlier: { reference } })).toEqual({ reference: '-100/9' });
      expect(methods()).toEqual(['sendMessage']);
    },
  );

  it.each(HOSTILE_TEXTS)('20: sends %s as mere text in answers and edits too', async (_, text) => {
    server.answer(200, sent(7));
    for (const given of [escalated, resolved]) {
      await send({ ...given, title: text, message: text, fields: { [text]: text } });
    }

    expect(server.requests).toHaveLength(4);
    for (const { json } of server.requests) {
      const html = String(json?.['text']).replace(/<b>([^<>]*)<\/b>/g, '$1');
      expect(html).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)|@\w/);
      expect(html.length).toBeLessThanOrEqual(5 * 4_096);
    }
  });

  describe('in a topic', () => {
    it('writes to the topic, messages and answers', async () => {
      server.answer(200, sent(7));

      await send({}, { messageThreadId: 42 });
      await send(resolved, { messageThreadId: 42 });
      expect(bodies()).toMatchObject([
        { message_thread_id: 42 },
        { message_id: 7 },
        { message_thread_id: 42, reply_parameters: { message_id: 7 } },
      ]);
      expect(bodies()[1]).not.toHaveProperty('message_thread_id');
    });

    it.each(['Bad Request: message thread not found', 'Bad Request: TOPIC_CLOSED'])(
      'writes to the group itself after "%s", and says so',
      async (description) => {
        server.refuse(400, description).answer(200, sent(7));

        expect(await send({}, { messageThreadId: 42 })).toEqual({ reference: FIRST });
        expect(bodies()[1]).not.toHaveProperty('message_thread_id');
        expect(warned).toHaveBeenCalledWith(expect.stringContaining('alerts.telegram.message_thread_id'));
      },
    );

    it('is broken where the group itself takes nothing either', async () => {
      server.refuse(400, 'Bad Request: TOPIC_CLOSED');

      const failed = await failureOfSending(channel({ messageThreadId: 42 }));
      expect(failed).toMatchObject({ outcome: 'broken' });
      expect(server.requests).toHaveLength(2);
    });

    it('sends anew what a closed topic does not let change', async () => {
      server.refuse(400, 'Bad Request: TOPIC_CLOSED').answer(200, sent(8));

      await send(resolved, { messageThreadId: 42 });
      expect(server.requests.map(({ path }) => path.split('/').at(-1))).toEqual([
        'editMessageText',
        'sendMessage',
      ]);
    });
  });
});
