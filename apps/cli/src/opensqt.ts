/** The commands by name; each runs when it is loaded. */
const COMMANDS: ReadonlyMap<string, () => Promise<unknown>> = new Map([
  ['alerts', () => import('./alerts/alerts.js')],
  ['events', () => import('./events/events.js')],
  ['replay', () => import('./replay/replay.js')],
  ['verify', () => import('./verify/verify.js')],
  ['backup', () => import('./backup/backup.js')],
]);

const HELP = `Usage: npx opensqt COMMAND [options]
  alerts   what an operator does about alerts: list, ack, silence, why, …
  events   the event log as JSON lines
  replay   rebuild the metrics from the log, or compare them with a running process
  verify   check the log: pages, positions, checksums, payloads
  backup   copy the log while it is written, and check the copy

npx opensqt COMMAND --help explains each.
`;

/** Loads nothing on a Node that is too old, because the first thing that is missing there would speak instead. */
function main(): Promise<unknown> | undefined {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 15))
    return fail(`opensqt needs Node 22.15 or newer; this is Node ${process.versions.node}.`);
  const [name = '--help'] = process.argv.splice(2, 1);
  if (name === '--help' || name === '-h') {
    process.stdout.write(HELP);
    return undefined;
  }
  const command = COMMANDS.get(name);
  if (command !== undefined) return command();
  return fail(
    `opensqt: There is no command '${name.replaceAll(/[^ -~]/g, '?')}'. It knows ${[...COMMANDS.keys()].join(', ')}.`,
    2,
  );
}

function fail(text: string, status = 1): undefined {
  process.stderr.write(`${text}\n`);
  process.exitCode = status;
}

void main();
