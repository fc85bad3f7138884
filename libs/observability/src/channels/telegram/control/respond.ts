import { assertNever } from '@opensqt/trading-events';
import { oneLine } from '../../../format/plain-text';
import type { ControlPort, ControlledAlert } from './control-port';
import {
  BREAKER_CONDITION,
  type ControlCommand,
  type InlineKeyboard,
  confirmationKeyboard,
} from './keyboard';
import type { ControlUpdate, TelegramUser } from './updates';

/** An answer to a user: a message, and at a button a few words beside it. */
export interface ControlAnswer {
  /** Lines of the message; none for no message. */
  readonly lines: readonly string[];
  readonly toast?: string;
  readonly keyboard?: InlineKeyboard;
}

/** Milliseconds for which the button silences. */
const SILENCE_MS = 3_600_000;
/** A question or a command that is older (ms) was waiting while nobody listened: the situation is another one by now. */
export const MAX_AGE_MS = 300_000;
const MAX_ALERTS = 20;

/**
 * Does what a configured user asks for, and answers. A button acts on its own alert while that is open and on nothing else: told twice, it finds
 * the alert acknowledged or resolved, and does nothing.
 *
 * @param now wall clock
 */
export async function respond(
  update: Exclude<ControlUpdate, { readonly kind: 'other' }>,
  port: ControlPort,
  commands: readonly ControlCommand[],
  now: number,
): Promise<ControlAnswer | undefined> {
  try {
    return update.kind === 'command'
      ? await commanded(update, port, commands, now)
      : await pressed(update, port, commands, now);
  } catch (error) {
    const said = error instanceof Error ? error.message : 'That failed.';
    return { lines: [said], toast: 'That failed.' };
  }
}

async function commanded(
  { command, argument, at }: Extract<ControlUpdate, { readonly kind: 'command' }>,
  port: ControlPort,
  commands: readonly ControlCommand[],
  now: number,
): Promise<ControlAnswer | undefined> {
  if (now - at > MAX_AGE_MS) return undefined;
  const known = commands.filter((one) => QUESTIONS.includes(one));
  const asked = known.find((one) => one === command);
  switch (asked) {
    case 'status':
      return { lines: port.status() };
    case 'positions':
      return { lines: port.positions() };
    case 'alerts':
      return { lines: alertLines(port.alerts()) };
    case 'why':
      return argument === ''
        ? { lines: ['Say which alert: /why ID, with the beginning of the id that its message shows.'] }
        : { lines: await port.why(oneLine(argument)) };
    default:
      return {
        lines: [`Commands: ${known.map((one) => `/${one}${one === 'why' ? ' ID' : ''}`).join(', ')}`],
      };
  }
}

const QUESTIONS: readonly ControlCommand[] = ['status', 'positions', 'alerts', 'why'];

function alertLines(alerts: readonly ControlledAlert[]): readonly string[] {
  if (alerts.length === 0) return ['No alert is open.'];
  const lines = alerts.slice(-MAX_ALERTS).map(({ id, level, title, acknowledgedBy }) => {
    const by = acknowledgedBy === undefined ? '' : ` (acknowledged by ${acknowledgedBy})`;
    return `${level} ${title}${by} · ${id.slice(0, 8)}`;
  });
  const more = alerts.length - lines.length;
  return [...lines, ...(more === 0 ? [] : [`${more} older ones are not shown.`])];
}

async function pressed(
  { button: { action, alertId }, user, message }: Extract<ControlUpdate, { readonly kind: 'button' }>,
  port: ControlPort,
  commands: readonly ControlCommand[],
  now: number,
): Promise<ControlAnswer> {
  const needed = action === 'confirm' || action === 'cancel' ? 'reset' : action;
  if (!commands.includes(needed)) return { lines: [], toast: 'That is switched off.' };
  if (action === 'cancel') return { lines: [], toast: 'Nothing was reset.' };
  const alert = port.alerts().find(({ id }) => id === alertId);
  if (alert === undefined) return { lines: [], toast: 'That alert is not open any more.' };
  const by = byOf(user);
  switch (action) {
    case 'acknowledge':
      if (alert.acknowledgedBy !== undefined)
        return { lines: [], toast: `Already acknowledged by ${alert.acknowledgedBy}.` };
      await port.acknowledge(alert.id, by);
      // The alert's own acknowledgement follows as a message.
      return { lines: [], toast: 'Acknowledged.' };
    case 'silence':
      await port.silence(alert, SILENCE_MS, by);
      return { lines: [`${alert.title}: silenced for 1 h by ${by}.`], toast: 'Silenced for 1 h.' };
    case 'reset': {
      const scope = scopeOf(alert);
      if (scope === undefined) return { lines: [], toast: 'That alert is about no breaker.' };
      const question = `Reset the breaker of ${scope}? Trading there goes on with the positions held.`;
      return {
        lines: [question],
        toast: 'Asked once more below.',
        keyboard: confirmationKeyboard(alert.id, scope),
      };
    }
    case 'confirm': {
      const scope = scopeOf(alert);
      if (scope === undefined) return { lines: [], toast: 'That alert is about no breaker.' };
      if (message === undefined || now - message.at > MAX_AGE_MS)
        return { lines: [], toast: 'The question is too old. Press "Reset breaker" again.' };
      return { lines: [`${await port.reset(scope, by)} By ${by}.`], toast: 'Done.' };
    }
    default:
      return assertNever(action);
  }
}

function scopeOf({ condition, labels }: ControlledAlert): string | undefined {
  return condition === BREAKER_CONDITION ? labels['scope'] : undefined;
}

/** The user in the log: `telegram:eve/4711`. The name may change hands, the number does not. */
export function byOf({ name, id }: TelegramUser): string {
  return `telegram:${name}/${id}`;
}
