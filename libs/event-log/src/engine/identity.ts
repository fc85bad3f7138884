/** The one that opens a log. */
export interface LogIdentity {
  /** The bot: its records, checkpoints, snapshots and leases are its own on a log that others share. */
  readonly bot: string;
  /** The process of that bot which writes. */
  readonly writer: string;
}

/** The identity in options, as far as they say it. */
export type IdentityOptions = { readonly [Name in keyof LogIdentity]?: string | undefined };

/** The name of a bot that was given none. */
export const DEFAULT_BOT = 'opensqt';

/** The identity with its defaults. */
export function identityOf({ bot = DEFAULT_BOT, writer = bot }: IdentityOptions): LogIdentity {
  return { bot, writer };
}
