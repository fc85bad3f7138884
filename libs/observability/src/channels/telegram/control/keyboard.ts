import type { AlertNotification } from '../../channel';

/** The things that the remote control can be asked for: commands, and buttons under an alert. */
export const CONTROL_COMMANDS = [
  'status',
  'positions',
  'alerts',
  'why',
  'acknowledge',
  'silence',
  'reset',
] as const;
export type ControlCommand = (typeof CONTROL_COMMANDS)[number];

/** The meaning of a button. A reset is asked for, and done by the button under the question. */
export type ButtonAction = 'acknowledge' | 'silence' | 'reset' | 'confirm' | 'cancel';

export interface PressedButton {
  readonly action: ButtonAction;
  readonly alertId: string;
}

/** Buttons under a message, in rows. */
export interface InlineKeyboard {
  readonly inline_keyboard: readonly (readonly { readonly text: string; readonly callback_data: string }[])[];
}

const ACTIONS: readonly ButtonAction[] = ['acknowledge', 'silence', 'reset', 'confirm', 'cancel'];
/** Source: https://core.telegram.org/bots/api#inlinekeyboardbutton */
const MAX_DATA_BYTES = 64;
/** The condition that a reset is about. */
export const BREAKER_CONDITION = 'circuit_breaker_trip';

/** The buttons under the message about an open alert; undefined where there is nothing to press. */
export function alertKeyboard(
  { alertId, condition, isOpen, kind }: AlertNotification,
  commands: readonly ControlCommand[],
): InlineKeyboard | undefined {
  if (isOpen !== true || kind === 'digest' || kind === 'resolved' || kind === 'acknowledged')
    return undefined;
  const wanted: readonly (readonly [ControlCommand & ButtonAction, string, boolean])[] = [
    ['acknowledge', 'Acknowledge', true],
    ['silence', 'Silence 1 h', true],
    ['reset', 'Reset breaker', condition === BREAKER_CONDITION],
  ];
  const buttons = wanted.flatMap(([action, text, fits]) => {
    const callback_data = `${action}:${alertId}`;
    const isShown = fits && commands.includes(action) && Buffer.byteLength(callback_data) <= MAX_DATA_BYTES;
    return isShown ? [{ text, callback_data }] : [];
  });
  return buttons.length === 0 ? undefined : { inline_keyboard: [buttons] };
}

/** The buttons under the question whether a breaker is really to be reset. */
export function confirmationKeyboard(alertId: string, scope: string): InlineKeyboard {
  const button = (text: string, action: ButtonAction) => ({ text, callback_data: `${action}:${alertId}` });
  return { inline_keyboard: [[button(`Yes, reset ${scope}`, 'confirm'), button('Cancel', 'cancel')]] };
}

/** Reads what a button carries; undefined for anything that is none of ours. */
export function pressedButton(data: string): PressedButton | undefined {
  const [name, alertId = '', ...rest] = data.split(':');
  const action = ACTIONS.find((one) => one === name);
  return action === undefined || alertId === '' || rest.length > 0 ? undefined : { action, alertId };
}
