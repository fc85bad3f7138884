import { writeSync } from 'node:fs';

/** The pipe on which a process that is there to be killed reports to its parent. */
export const MESSAGE_FD = 3;

/** Reports a line of JSON before the process goes on: what was reported survives its death. */
export function report(message: object): void {
  writeSync(MESSAGE_FD, `${JSON.stringify(message)}\n`);
}
