import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAudit } from './dependencies/advisories';
import { type Lockfile, refusedPackages, shippedPackages } from './dependencies/licences';

/** The licences of what is shipped, and the registry's advisories about it. Without a network only the latter are left out. */
const REPOSITORY = join(__dirname, '../..');
const AUDIT_TIMEOUT_MS = 60_000;

const lockfile = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as Lockfile;
const shipped = shippedPackages(lockfile, REPOSITORY);
const refused = refusedPackages(shipped);
for (const { path, licence } of refused) fail(`${path}: the licence ${licence} is not allowed`);
if (refused.length === 0) say(`ok       licences of ${shipped.length} packages that are shipped`);

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json', '--fetch-retries=0'], {
  cwd: REPOSITORY,
  encoding: 'utf8',
  timeout: AUDIT_TIMEOUT_MS,
});
const advisories = readAudit(stdout);
if (advisories.kind === 'unreachable') say(`skipped  advisories: ${advisories.reason}`);
else {
  for (const text of advisories.serious) fail(`advisory: ${text}; see npm audit`);
  for (const text of advisories.others) say(`note     advisory: ${text}; see npm audit`);
  if (advisories.serious.length === 0) say('ok       no advisory of level high or critical');
}

function fail(text: string): void {
  say(`FAILED   ${text}`);
  process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
