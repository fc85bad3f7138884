import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@opensqt/event-log/testing';
import { parse, stringify } from 'yaml';
import { dashboards, panelQueries } from './dashboards/dashboards';
import { Server, run, startAlertmanager } from './programs';
import { REPOSITORY, inRepository, read } from './repository';
import { rulesOf } from './rules';

/** The default run shows all that it has to show within four minutes. */
const WITHIN_MS = 480_000;
const PAUSE_MS = 1_000;
/** Grafana's variables, as it would fill them in. */
const VARIABLES = { $__rate_interval: '30s', $__range: '10m', $bot: '.*', $symbol: '.*' } as const;

/** The servers of a check, all on loopback. */
interface Site {
  readonly servers: readonly Server[];
  readonly bot: Server;
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** An answer of Prometheus to a query at one moment. */
interface QueryAnswer {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

/**
 * Starts the default run, Prometheus and Alertmanager, and waits until every query of every panel and every record has a sample,
 * and the alerts of Prometheus and of the bot are in Alertmanager. Then it ends the bot and waits until that is alerted.
 */
export async function checkLive(folder: string, say: (line: string) => void): Promise<void> {
  await run('prometheus', ['--version']);
  await run('prometheus-alertmanager', ['--version']);
  const site = await start(folder);
  try {
    const queries = Object.keys(dashboards()).flatMap((file) => panelQueries(file, read(file)));
    await allAnswered(
      site,
      queries.map(({ dashboard, panel, expr }) => ({ name: `${dashboard}, ${panel}`, expr: filledIn(expr) })),
    );
    say(`${queries.length} queries of panels, each with at least one sample of the default run`);
    const records = rulesOf(read('deploy/prometheus/rules.yml')).flatMap(({ record }) => record ?? []);
    await allAnswered(
      site,
      records.map((record) => ({ name: record, expr: record })),
    );
    await healthyRules(site);
    say(`${records.length} records with samples, and no rule fails`);
    await alerted(site, 'OpensqtBreakerOpen', 'circuit_breaker_trip');
    say('alerts of Prometheus and of the bot are in Alertmanager');
    await site.bot.end();
    await alerted(site, 'OpensqtDown');
    say('the end of the bot is alerted: OpensqtDown');
  } finally {
    for (const server of site.servers) await server.end();
  }
}

async function start(folder: string): Promise<Site> {
  const [botPort, prometheusPort, alertmanagerPort] = [await freePort(), await freePort(), await freePort()];
  const path = (name: string): string => join(folder, name);
  const alertmanager = `http://127.0.0.1:${alertmanagerPort}`;
  const write = (name: string, value: unknown): string => {
    writeFileSync(path(name), stringify(value));
    return path(name);
  };
  const configuration = write('config.yaml', {
    server: { port: botPort },
    event_log: { path: path('events.db') },
    alerts: { alertmanager: { enabled: true, urls: [alertmanager] } },
  });
  const scrape = write('prometheus.yml', scrapedAt(botPort, alertmanagerPort));
  const main = join(REPOSITORY, 'apps/market-maker/dist/main.js');
  const bot = new Server('the bot', process.execPath, [main, '--config', configuration], folder);
  const servers = [
    bot,
    new Server(
      'Prometheus',
      'prometheus',
      [
        `--config.file=${scrape}`,
        `--storage.tsdb.path=${path('prometheus')}`,
        `--web.listen-address=127.0.0.1:${prometheusPort}`,
      ],
      folder,
    ),
    startAlertmanager(inRepository('deploy/alertmanager/alertmanager.yml'), alertmanagerPort, folder),
  ];
  return { servers, bot, prometheus: `http://127.0.0.1:${prometheusPort}`, alertmanager };
}

/** The configuration that is shipped, with the ports of this check and short intervals. */
function scrapedAt(botPort: number, alertmanagerPort: number): object {
  const text = read('deploy/prometheus/scrape.yml')
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${botPort}`)
    .replaceAll('127.0.0.1:9093', `127.0.0.1:${alertmanagerPort}`)
    .replaceAll('15s', '2s');
  const rules = inRepository('deploy/prometheus/rules.yml');
  return { ...(parse(text) as object), rule_files: [rules] };
}

function filledIn(expr: string): string {
  return Object.entries(VARIABLES).reduce((text, [name, value]) => text.replaceAll(name, value), expr);
}

/** Waits until each expression has had a finite sample. */
async function allAnswered(
  site: Site,
  queries: readonly { readonly name: string; readonly expr: string }[],
): Promise<void> {
  let open = queries;
  await until(site, async () => {
    const still = [];
    for (const query of open) if (!(await hasSample(site, query.expr))) still.push(query);
    open = still;
    return open.length === 0 ? undefined : `no sample for:\n${open.map(({ name }) => name).join('\n')}`;
  });
}

async function hasSample({ prometheus }: Site, expr: string): Promise<boolean> {
  const response = await fetch(
    `${prometheus}/api/v1/query?${new URLSearchParams({ query: expr }).toString()}`,
  );
  const text = await response.text();
  if (response.status === 400) throw new Error(`${expr}: ${text}`);
  if (!response.ok) return false; // it starts
  const { data } = JSON.parse(text) as QueryAnswer;
  return data.result.some(({ value: [, sample] }) => Number.isFinite(Number(sample)));
}

async function healthyRules({ prometheus }: Site): Promise<void> {
  const { data } = (await (await fetch(`${prometheus}/api/v1/rules`)).json()) as {
    data: { groups: readonly { rules: readonly { name: string; health: string; lastError?: string }[] }[] };
  };
  const failing = data.groups.flatMap(({ rules }) => rules).filter(({ health }) => health !== 'ok');
  if (failing.length > 0)
    throw new Error(failing.map(({ name, lastError }) => `${name}: ${lastError}`).join('\n'));
}

/** Waits until Alertmanager has these alerts. */
async function alerted(site: Site, ...names: readonly string[]): Promise<void> {
  await until(site, async () => {
    const response = await fetch(`${site.alertmanager}/api/v2/alerts`);
    const alerts = (await response.json()) as readonly { labels: Readonly<Record<string, string>> }[];
    const seen = new Set(alerts.map(({ labels }) => labels['alertname']));
    const missing = names.filter((name) => !seen.has(name));
    return missing.length === 0 ? undefined : `not in Alertmanager: ${missing.join(', ')}`;
  });
}

/** Waits until nothing is missing any more. Requests that fail while a server starts are made again. */
async function until({ servers, bot }: Site, missing: () => Promise<string | undefined>): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    for (const server of servers) if (server !== bot) server.assertRunning();
    const why = await missing().catch((error: unknown) => {
      if (error instanceof TypeError) return error.message; // fetch: the server does not listen yet
      throw error;
    });
    if (why === undefined) return;
    if (performance.now() > deadline) throw new Error(`After ${WITHIN_MS / 1_000} s, ${why}`);
    await delay(PAUSE_MS);
  }
}
