/** The log can't be folded into a state that could be trusted. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';

  constructor(
    readonly code: 'LOG_GAP' | 'UNKNOWN_PROJECTION',
    message: string,
  ) {
    super(message);
  }

  /** Positions are missing between what was folded last and what came next. */
  static gap(projection: string, last: number, found: number): ReplayError {
    const missing = found - last === 2 ? `position ${last + 1}` : `positions ${last + 1} to ${found - 1}`;
    return new ReplayError(
      'LOG_GAP',
      `The event log lacks ${missing}: a ${projection} state without them would be wrong, so none is made. Check the log with npx opensqt verify, and restore it from a backup.`,
    );
  }
}
