/** A decision is not recorded, since the state that it follows from was dropped: it is made again. */
export class StateDroppedError extends Error {
  override readonly name = 'StateDroppedError';
}
