import { nameText } from '@opensqt/trading-events/options';

/** The bot: in every message, alert label and record. */
export const nameOption = nameText('the name of a bot, such as mm-btc-1')
  .prefault('opensqt')
  .describe(
    'The bot: in every message, alert label and record. Each bot that shares a log or an Alertmanager has a name of its own; a bot that gets another name is another bot and begins without what the former left.',
  );

/** The name that a process writes to the log under. */
export function writerOf({
  name,
  eventLog: { writer = name },
}: {
  readonly name: string;
  readonly eventLog: { readonly writer?: string | undefined };
}): string {
  return writer;
}
