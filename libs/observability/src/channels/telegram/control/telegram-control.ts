import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Clock } from '@opensqt/trading-events';
import { shorten } from '../../message/shorten';
import { TELEGRAM_MESSAGE_LIMIT } from '../telegram-message';
import type { BotAnswer, BotClient } from './bot-client';
import type { ControlPort } from './control-port';
import type { ControlCommand } from './keyboard';
import { type ControlAnswer, respond } from './respond';
import { type ControlUpdate, controlUpdates } from './updates';

/** Seconds for which Telegram holds a request that there is nothing to answer to. */
const LONG_POLL_S = 25;
/** Interval (ms) of the look whether this process leads. */
const LEAD_LOOK_MS = 500;
const BACKOFF_MS = { first: 1_000, last: 60_000 };
/** After an answer that only an operator can change: another program polls, the token is wrong. */
const CONDEMNED_PAUSE_MS = 60_000;
/** Source: https://core.telegram.org/bots/api#answercallbackquery */
const MAX_TOAST = 200;
/** The story of an alert in a long log must not keep the process from ending. */
const STOP_PATIENCE_MS = 5_000;
const MAX_STRANGERS = 1_000;
const REMEMBERED_UPDATES = 1_000;

/** The parts that the remote control is made of. */
export interface TelegramControlParts {
  readonly client: BotClient;
  readonly port: ControlPort;
  readonly users: readonly number[];
  readonly commands: readonly ControlCommand[];
  /** Wall clock. */
  readonly clock: Clock;
  /** Shortens every wait between requests, for tests. @default 1 */
  readonly haste?: number;
}

/**
 * Polls a bot for what its users ask, while this process leads the bot's alerts, and answers. What was received is confirmed to Telegram before it
 * is acted on, so that nothing is done a second time after a crash; an answer that was lost with it is asked for again by a person.
 */
export class TelegramControl {
  readonly #logger = new Logger('TelegramControl');
  readonly #stopping = new AbortController();
  readonly #strangers = new Set<number>();
  #running: Promise<void> | undefined;
  /** The first update that has not been seen. */
  #offset = 0;
  /** The last updates acted on, oldest first: a server that gives one out again is not obeyed twice. */
  readonly #handled = new Set<number>();
  /** The trouble that was logged last, until it is over. */
  #trouble: string | undefined;

  constructor(private readonly parts: TelegramControlParts) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends polling; what is being answered is answered first, unless that takes long. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.race([this.#running, delay(STOP_PATIENCE_MS, undefined, { ref: false })]);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (this.parts.port.leads()) await this.#lead();
      await this.#wait(LEAD_LOOK_MS);
    }
  }

  /** Polls for as long as this process leads. */
  async #lead(): Promise<void> {
    const over = new AbortController();
    const look = setInterval(() => {
      if (!this.parts.port.leads()) over.abort();
    }, LEAD_LOOK_MS / this.#haste);
    const signal = AbortSignal.any([over.signal, this.#stopping.signal]);
    let received: readonly ControlUpdate[] = [];
    let failures = 0;
    try {
      while (!signal.aborted) {
        // Asking for what comes next confirms what was received: it is acted on once Telegram has answered.
        const wait = received.length === 0 ? LONG_POLL_S : 0;
        const parameters = {
          ...{ offset: this.#offset, timeout: wait, allowed_updates: ['message', 'callback_query'] },
        };
        const answer = await this.parts.client.call('getUpdates', parameters, signal, wait * 1_000);
        if (signal.aborted) return;
        const updates = answer.ok ? controlUpdates(answer.body) : undefined;
        if (updates === undefined) {
          failures += 1;
          this.#say(answer);
          await this.#wait(pauseAfter(answer, failures), signal);
          continue;
        }
        failures = 0;
        this.#recovered();
        const confirmed = received;
        received = updates;
        // After a quiet week the next id is any: larger ones are not always newer.
        const last = updates.at(-1);
        if (last !== undefined) this.#offset = last.updateId + 1;
        for (const update of confirmed) await this.#handle(update);
      }
    } finally {
      clearInterval(look);
      // What was not confirmed is given out again: to this process, or to the one that leads by now.
      const [first] = received;
      if (first !== undefined) this.#offset = first.updateId;
    }
  }

  async #handle(update: ControlUpdate): Promise<void> {
    if (update.kind === 'other' || this.#handled.has(update.updateId)) return;
    this.#remember(update.updateId);
    if (!this.parts.users.includes(update.user.id)) return this.#refuse(update.user.id);
    const { port, commands, clock } = this.parts;
    const answer = await respond(update, port, commands, clock.now());
    if (answer !== undefined) await this.#answer(update, answer);
  }

  #remember(updateId: number): void {
    this.#handled.add(updateId);
    const [eldest] = this.#handled;
    if (eldest !== undefined && this.#handled.size > REMEMBERED_UPDATES) this.#handled.delete(eldest);
  }

  async #answer(
    update: Exclude<ControlUpdate, { readonly kind: 'other' }>,
    { lines, toast, keyboard }: ControlAnswer,
  ): Promise<void> {
    const { bot } = this.parts.port;
    const { signal } = this.#stopping;
    const sent: BotAnswer[] = [];
    if (update.kind === 'button') {
      const text = shorten(`${bot}: ${toast ?? lines.join(' ')}`, MAX_TOAST);
      const parameters = { callback_query_id: update.callbackId, text };
      sent.push(await this.parts.client.call('answerCallbackQuery', parameters, signal));
    }
    const place = update.kind === 'command' ? update : update.message;
    if (lines.length > 0 && place !== undefined) {
      const parameters = {
        chat_id: place.chatId,
        ...(place.topic === undefined ? {} : { message_thread_id: place.topic }),
        text: shorten([bot, ...lines].join('\n'), TELEGRAM_MESSAGE_LIMIT),
        link_preview_options: { is_disabled: true },
        ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
      };
      sent.push(await this.parts.client.call('sendMessage', parameters, signal));
    }
    for (const { ok, detail } of sent)
      if (!ok) this.#logger.warn(`Telegram did not take an answer to a user (${detail}).`);
  }

  /** A stranger gets no answer, not even that there is something to be refused. */
  #refuse(id: number): void {
    if (this.#strangers.has(id) || this.#strangers.size >= MAX_STRANGERS) return;
    this.#strangers.add(id);
    this.#logger.warn(
      `The Telegram user ${id} asked the bot for something and got no answer: only alerts.telegram.control.users do.`,
    );
  }

  #say({ status, detail }: BotAnswer): void {
    const trouble = troubleOf(status, detail);
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#logger.warn(trouble);
  }

  #recovered(): void {
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    this.#logger.log('The remote control in Telegram works again.');
  }

  get #haste(): number {
    return this.parts.haste ?? 1;
  }

  async #wait(ms: number, signal: AbortSignal = this.#stopping.signal): Promise<void> {
    await delay(ms / this.#haste, undefined, { signal }).catch(() => undefined);
  }
}

function troubleOf(status: number, detail: string): string {
  const rest = 'Alerts are sent to Telegram all the same.';
  switch (status) {
    case 409:
      return `Another program polls this Telegram bot, or a webhook is set for it, so that commands and buttons do not work here (${detail}). Give alerts.telegram a bot of its own, or end the other program. ${rest}`;
    case 401:
    case 404:
      return `Telegram does not know the bot that commands and buttons are for (${detail}). Check alerts.telegram.bot_token.`;
    case 429:
      return `Telegram asks the remote control to wait. ${rest}`;
    case 0:
      return `Telegram could not be asked for commands and buttons (${detail}), and is asked again.`;
    default:
      return `Telegram does not give out commands and buttons (${status}), and is asked again. ${rest}`;
  }
}

function pauseAfter({ status, pauseMs }: BotAnswer, failures: number): number {
  if (pauseMs !== undefined) return pauseMs;
  if (status === 401 || status === 404 || status === 409) return CONDEMNED_PAUSE_MS;
  return Math.min(BACKOFF_MS.last, BACKOFF_MS.first * 2 ** Math.min(failures - 1, 10));
}
