import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkHosts } from './hosts/check-hosts';
import { eachPair, everyHost } from './hosts/table';
import { inTemporaryFolder } from './temporary-folder';

const HELP = `Packs the packages, installs them into applications of their own with Nest 11 and 12 (npm, and pnpm with strict peers), and starts
these on Express and Fastify with what applications have: a prefix, versions, guards, envelopes, filters, process metrics, a registry,
terminus, OpenTelemetry, a wildcard emitter, a /health, PostgreSQL, e-mail, OTLP. Peers are the lowest and the newest that the packages
declare. Needs the npm registry. The exit status is 1 when anything is not as it should be.

Usage: npm run -s hosts:check [-- --pairs]
  --pairs   only enough of them that each pair of features, versions, adapters and package managers is in one (about two minutes);
            without it each version with each adapter has every feature by itself and every pair of features (about ten)
  --help    this text
`;

const { values } = parseArgs({ options: { pairs: { type: 'boolean' }, help: { type: 'boolean' } } });

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
void (values.help === true ? Promise.resolve(say(HELP.trimEnd())) : check(values.pairs === true));

async function check(onlyPairs: boolean): Promise<void> {
  const repository = join(__dirname, '../..');
  const failed = await inTemporaryFolder((folder) =>
    checkHosts(onlyPairs ? eachPair() : everyHost(), { repository, folder, say }),
  );
  if (failed > 0) process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
