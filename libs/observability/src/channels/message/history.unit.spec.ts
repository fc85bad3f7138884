import type { AlertNotification, AlertStep, EarlierMessage } from '../channel';
import { HOSTILE_TEXTS } from '../testing/hostile-texts';
import { notification } from '../testing/notification';
import { discordMessage } from '../discord/discord-message';
import { slackMessage } from '../slack/slack-message';
import { TELEGRAM_MESSAGE_LIMIT, telegramMessage, toPlainText } from '../telegram/telegram-message';
import { withHistory } from './history';

const START = Date.UTC(2026, 10, 24, 3, 12, 7);
const MINUTE = 60_000;

const first = {
  level: 'WARNING',
  title: 'Exchange disconnected: paper',
  message: 'socket closed. Reconnecting.',
  timestamp: START,
  fields: { Exchange: 'paper', Reason: 'socket closed' },
} as const;
const step = (kind: AlertStep['kind'], minutes: number, given: Partial<AlertStep> = {}): AlertStep => ({
  kind,
  level: 'ERROR',
  text: '',
  at: START + minutes * MINUTE,
  times: 1,
  ...given,
});
const resolved = (earlier: Partial<EarlierMessage>): AlertNotification =>
  notification({
    kind: 'resolved',
    level: 'ERROR',
    title: 'Exchange reconnected: paper',
    message: 'Back after 15 min.',
    fields: { Lasted: '15 min' },
    timestamp: new Date(START + 15 * MINUTE),
    earlier: { reference: '1', ...earlier },
  });

describe('the message that stands for an alert', () => {
  it('has no command of the past once the alert is over', () => {
    const message = 'Halted.\nTo reset it before: npx opensqt alerts reset BTCUSDT --reason TEXT';
    const over = resolved({ first: { ...first, message } });
    const { message: shown, fields } = withHistory({
      ...over,
      fields: { ...over.fields, 'At first': 'Halted.' },
    });
    expect(shown).toContain('Halted.');
    expect(shown).not.toContain('npx opensqt');
    expect(fields).not.toHaveProperty('At first');
    expect(withHistory({ ...over, kind: 'escalated' }).message).toContain('npx opensqt');
  });

  it('keeps what was said first and has a line for what has happened since', () => {
    const since = [
      step('escalated', 1, { text: 'Down for 1 min.' }),
      step('repeated', 5, { times: 3 }),
      step('acknowledged', 6, { by: 'eve' }),
    ];
    const { title, message, fields } = withHistory(resolved({ first, since }));

    expect(title).toBe('Exchange reconnected: paper');
    expect(message.split('\n')).toEqual([
      'WARNING · Exchange disconnected: paper',
      'socket closed. Reconnecting.',
      '',
      '03:13:07 UTC escalated to ERROR: Down for 1 min.',
      '03:17:07 UTC repeated 3 times',
      '03:18:07 UTC acknowledged by eve',
      '03:27:07 UTC resolved after 15 min: Back after 15 min.',
    ]);
    expect(fields).toEqual({ Exchange: 'paper', Reason: 'socket closed', Lasted: '15 min' });
  });

  it('leaves out the middle of a long story', () => {
    const since = Array.from({ length: 9 }, (_, n) => step('escalated', n, { text: `step ${n}` }));
    const lines = withHistory(resolved({ first, since })).message.split('\n').slice(3);

    expect(lines).toHaveLength(6);
    expect(lines[0]).toContain('step 0');
    expect(lines[1]).toBe('… 5 more');
    expect(lines.at(-1)).toContain('resolved after 15 min');
  });

  it('is the notification itself where it stands for another alert of the incident, or none', () => {
    const given = resolved({});
    expect(withHistory(given)).toBe(given);
    expect(withHistory(notification())).toEqual(notification());
  });

  it.each(HOSTILE_TEXTS)('stays within the limits of each chat, with %s', (_, text) => {
    const since = Array.from({ length: 11 }, (_, n) => step('escalated', n, { text }));
    const hostile = { ...first, title: text, message: text, fields: { [text]: text } };
    const shown = withHistory(resolved({ first: hostile, since }));

    expect(toPlainText(telegramMessage(shown)).length).toBeLessThanOrEqual(TELEGRAM_MESSAGE_LIMIT);
    expect(JSON.stringify(slackMessage(shown)).length).toBeLessThan(16_000);
    expect(discordMessage(shown).embeds[0].description?.length ?? 0).toBeLessThanOrEqual(4_096);
  });

  it('shows the end of the story in each chat, however long the first text is', () => {
    const long = { ...first, message: 'x'.repeat(20_000) };
    const since = Array.from({ length: 11 }, (_, n) => step('escalated', n, { text: 'y'.repeat(300) }));
    const shown = withHistory(resolved({ first: long, since }));

    for (const text of [toPlainText(telegramMessage(shown)), JSON.stringify(slackMessage(shown))]) {
      expect(text).toContain('resolved after 15 min');
    }
  });
});
