/** Standard output or error, as far as their failures go. */
export type OutputStream = Pick<NodeJS.EventEmitter, 'on' | 'listeners'>;

const ignore = (): void => undefined;

/**
 * Keeps a failing standard stream (its reader gone: EPIPE; its disk full: ENOSPC) from ending the process: Node emits
 * `error` on it some time after the write, and without a listener that is an uncaught exception. Harmless to repeat.
 */
export function surviveBrokenOutput(stream: OutputStream): void {
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
}
