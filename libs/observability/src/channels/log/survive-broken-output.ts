/** Standard output or error, as far as their failures go. */
export type OutputStream = Pick<NodeJS.EventEmitter, 'on' | 'listeners'>;

/**
 * Keeps a failing standard stream (its reader gone: EPIPE; its disk full: ENOSPC) from ending the process: Node emits
 * `error` on it some time after the write, and without a listener that is an uncaught exception. Harmless to repeat, also by another copy
 * of this module: its listener has the same name.
 */
export function surviveBrokenOutput(stream: OutputStream): void {
  const isThere = stream.listeners('error').some(({ name }) => name === ignoreBrokenOutput.name);
  if (!isThere) stream.on('error', ignoreBrokenOutput);
}

function ignoreBrokenOutput(): void {
  // There is nowhere left to report it to.
}
