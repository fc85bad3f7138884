import type { AlertStep, EarlierMessage } from '../../channels/channel';
import type { PendingDelivery } from './alerts.state';

/** UTF-16 units of a step's text that are kept: a line shows no more. */
const STEP_TEXT = 300;
/** Steps that are kept besides the first. */
const LAST_STEPS = 10;

/**
 * The message that a channel shows for an alert, after another one about it was delivered. A raise that is sent again late does not take the place of
 * the message that shows the present.
 *
 * @param by the person who has acknowledged the alert
 */
export function shownAfter(
  before: EarlierMessage | undefined,
  { kind, notice }: Pick<PendingDelivery, 'kind' | 'notice'>,
  reference: string,
  by: string | undefined,
): EarlierMessage {
  if (before === undefined) return { reference, first: notice, since: [] };
  const { since = [] } = before;
  if (kind === 'raised') return before;
  const text = notice.message.slice(0, STEP_TEXT);
  const step = { kind, level: notice.level, text, at: notice.timestamp, times: 1 };
  return {
    ...before,
    reference,
    since: added(since, kind === 'acknowledged' && by !== undefined ? { ...step, by } : step),
  };
}

function added(since: readonly AlertStep[], step: AlertStep): readonly AlertStep[] {
  const last = since.at(-1);
  if (last?.kind === 'repeated' && step.kind === 'repeated') {
    return [...since.slice(0, -1), { ...step, times: last.times + 1 }];
  }
  const [first, ...others] = [...since, step];
  return first === undefined ? [] : [first, ...others.slice(-LAST_STEPS)];
}
