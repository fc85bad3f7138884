// Beside the control characters proper: line and paragraph separators, and the marks that reverse reading direction.
const CONTROLS = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const CONTROLS_BUT_LINE_FEEDS = /(?:(?!\n)[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069])+/gu;
const LONE_SURROGATES = /\p{Cs}/gu;

/** Text as one line that can't pretend to be more than one, nor colour or reverse what stands around it. */
export function oneLine(text: string): string {
  return text.replace(CONTROLS, ' ').replace(LONE_SURROGATES, '\uFFFD').trim();
}

/** Text whose only control characters are line feeds, with no more than one empty line in a row. */
export function manyLines(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(CONTROLS_BUT_LINE_FEEDS, ' ')
    .replace(LONE_SURROGATES, '\uFFFD')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Escapes the three characters that mean something in Slack's texts and in Telegram's HTML, and nothing else.
 *
 * Sources: https://docs.slack.dev/messaging/formatting-message-text/, https://core.telegram.org/bots/api#html-style
 */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}
