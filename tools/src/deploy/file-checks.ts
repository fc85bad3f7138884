import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { inTemporaryFolder } from '../temporary-folder';
import { dashboards } from './dashboards/dashboards';
import { Unavailable, run } from './programs';
import { REPOSITORY, inRepository, read } from './repository';
import { rulesOf, unknownMetrics, untestedAlerts } from './rules';

/** A check by what it is about: its result in words. It throws when something is wrong, {@link Unavailable} when it can't be run. */
export type Checks = Readonly<Record<string, () => Promise<string>>>;

const RULES = 'deploy/prometheus/rules.yml';
const TESTS = 'deploy/prometheus/rules.test.yml';
const COMPOSE = 'deploy/docker/compose.yaml';
const UNIT = 'deploy/systemd/opensqt.service';
/** Of 100, by `systemd-analyze security`: 96 is a service without any protection. */
const MAX_EXPOSURE = 20;

/** The checks of the files alone. */
export const FILE_CHECKS: Checks = {
  'prometheus/scrape.yml': async () => {
    for (const file of ['deploy/prometheus/scrape.yml', 'deploy/docker/prometheus.yml']) {
      await run('promtool', ['check', 'config', inRepository(file)]);
    }
    return 'valid, also the one for compose (promtool)';
  },

  'prometheus/rules.yml': async () => {
    const rules = rulesOf(read(RULES));
    const unknown = rules.flatMap(({ expr }) => unknownMetrics(expr));
    if (unknown.length > 0) throw new Error(`Metrics that do not exist: ${unknown.join(', ')}`);
    const untested = untestedAlerts(rules, read(TESTS));
    if (untested.length > 0) throw new Error(`No test expects these alerts: ${untested.join(', ')}`);
    for (const { alert, annotations } of rules) {
      const runbook = annotations?.['runbook'];
      if (runbook !== undefined && !existsSync(inRepository(runbook)))
        throw new Error(`${alert}: there is no ${runbook}`);
    }
    await run('promtool', ['check', 'rules', inRepository(RULES)]);
    await run('promtool', ['test', 'rules', 'rules.test.yml'], inRepository('deploy/prometheus'));
    return `${rules.length} rules valid, every alert tested (promtool)`;
  },

  'grafana/*.json': () => {
    const boards = Object.entries(dashboards());
    const outdated = boards.filter(([file, text]) => read(file) !== text).map(([file]) => file);
    if (outdated.length > 0)
      throw new Error(`Not what tools/ makes, run npm run docs: ${outdated.join(', ')}`);
    return Promise.resolve(`${boards.length} dashboards are what tools/ makes`);
  },

  'alertmanager/alertmanager.yml': async () => {
    await run('amtool', ['check-config', inRepository('deploy/alertmanager/alertmanager.yml')]);
    return 'valid (amtool)';
  },

  'systemd/opensqt.service': () =>
    inTemporaryFolder(async (folder) => {
      const unit = join(folder, 'opensqt.service');
      const here = read(UNIT).replace('/usr/bin/node /opt/opensqt', `${process.execPath} ${REPOSITORY}`);
      writeFileSync(unit, here);
      await run('systemd-analyze', ['verify', unit]);
      await run('systemd-analyze', ['security', '--offline=true', `--threshold=${MAX_EXPOSURE}`, unit]);
      return 'valid and hardened (systemd-analyze); not started: that needs systemd as process 1';
    }),

  'docker/compose.yaml': async () => {
    const missing = missingFiles();
    if (missing.length > 0) throw new Error(`It mounts what is not there: ${missing.join(', ')}`);
    await run('docker', ['compose', '-f', inRepository(COMPOSE), 'config', '--quiet']).catch(notWithout);
    return 'valid (docker compose config)';
  },

  'docker/Dockerfile': () => {
    const copied = [...read('deploy/docker/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
    const missing = copied
      .flatMap(([, sources = '']) => sources.split(' '))
      .filter((source) => !existsSync(inRepository(source)));
    if (missing.length > 0) throw new Error(`It copies what is not there: ${missing.join(', ')}`);
    return Promise.resolve('the files that it copies are there');
  },
};

/** The files that compose mounts from the repository, but for secrets, and those that Grafana's provisioning needs. */
function missingFiles(): readonly string[] {
  const { services } = parse(read(COMPOSE), { merge: true }) as {
    services: Readonly<Record<string, { volumes?: readonly string[] }>>;
  };
  const mounted = Object.values(services)
    .flatMap(({ volumes = [] }) => volumes)
    .filter((volume) => volume.startsWith('.') && !volume.startsWith('./secrets'))
    .map((volume) => join(dirname(COMPOSE), volume.split(':')[0] ?? ''));
  const provisioned = readdirSync(inRepository('deploy/grafana/provisioning'));
  return [
    ...mounted.filter((path) => !existsSync(inRepository(path))),
    ...['dashboards', 'datasources'].filter((name) => !provisioned.includes(name)),
  ];
}

function notWithout(error: Error): never {
  if (/unknown command|is not a docker command|unknown shorthand flag/.test(error.message))
    throw new Unavailable('the files that it names are there; docker compose is not installed');
  throw error;
}
