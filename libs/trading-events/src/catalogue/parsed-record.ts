/** Gives the object that it is given in place of a new one, so that a class that extends it can put a private field there. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- its constructor is all that is needed of it
class Given {
  constructor(record: object) {
    return record;
  }
}

/**
 * The mark of a parsed event: a private field, which no other code can set, copy or forge. A WeakSet would say the same and cost
 * the garbage collector as much as the whole parser costs.
 */
class Mark extends Given {
  readonly #parsed = true;

  static on(candidate: object): boolean {
    return #parsed in candidate;
  }
}

/** Marks a record as parsed and freezes it: nobody can change it any more. */
export function sealed<Parsed extends object>(record: Parsed): Parsed {
  new Mark(record);
  return Object.freeze(record);
}

/** True for a record that {@link sealed} has given back: known in constant time, whatever the candidate is. */
export function isSealed(candidate: unknown): boolean {
  return typeof candidate === 'object' && candidate !== null && Mark.on(candidate);
}
