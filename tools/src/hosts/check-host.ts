import type { WatchedProcess } from '@opensqt/event-log/testing';
import type { Host } from './table';

/** An answer, as far as it is looked at. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

const FILLED = 'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}';
const KEY = { 'x-key': 'secret' };
const TOKEN = { authorization: 'Bearer secret', 'content-type': 'application/json' };

/** Everything that should be so and is not, of an application that has been started. */
export async function faultsOf(host: Host, started: WatchedProcess): Promise<readonly string[]> {
  const faults: string[] = [];
  const expected = (holds: boolean, what: string): void => void (holds || faults.push(what));
  await started.printed('listening [');
  const [, json = '[]'] = /listening (\[.*\])/.exec(started.stdout) ?? [];
  const urls = JSON.parse(json) as readonly string[];
  for (const [index, url] of urls.entries()) {
    const fills = host.applications === 'again' || (host.applications === 'two' && index === 0) ? 2 : 1;
    const single = host.applications === 'one' ? 2 : fills;
    await checkOurs(host, url, single, expected);
    await checkOwn(host, url, expected);
  }
  checkOutput(host, started.output, expected);
  const exit = await started.end('SIGTERM');
  expected(exit.signal === 'SIGTERM', `SIGTERM ends it in order (it ended with ${exit.signal ?? exit.code})`);
  return faults;
}

type Expected = (holds: boolean, what: string) => void;

async function checkOurs(host: Host, url: string, fills: number, expected: Expected): Promise<void> {
  const prefix = host.prefix === 'asked' ? '/api' : '';
  const headers = host.guard === 'named' ? KEY : {};
  const ask = (path: string, init: RequestInit = {}): Promise<Answer> =>
    answerOf(`${url}${prefix}${path}`, { ...init, headers: { ...headers, ...init.headers } });

  const metrics = await ask('/metrics');
  const has = (line: string): boolean => metrics.text.split('\n').includes(line);
  expected(metrics.status === 200, `/metrics answers (${metrics.status})`);
  expected(has(`${FILLED} ${fills}`), `/metrics counts ${fills} fills of this application alone`);
  expected(has('own_total 1'), '/metrics shows metrics of the application');
  const process = host.metrics === 'collected' || (host.metrics === 'module' && host.registry === 'global');
  expected(
    metrics.text.includes('process_cpu_seconds_total') === process,
    `process metrics are ${process ? '' : 'not '}shown`,
  );
  const shown = host.configured && host.openTelemetry === 'none' && host.applications === 'one';
  expected(
    metrics.text.includes('own_shown_total') === shown,
    `instruments of OpenTelemetry are ${shown ? '' : 'not '}shown`,
  );
  if (host.health !== 'own') {
    const health = await ask(host.health === 'ours' ? '/health' : '/observability/health');
    expected(
      health.text.startsWith('{"status":"ok"'),
      `our health says ok as it is (${health.text.slice(0, 60)})`,
    );
  }
  const history = await ask('/alerts/history?limit=1');
  expected(
    history.text.startsWith('['),
    `a number in a query is read by our own pipe (${history.text.slice(0, 60)})`,
  );
  const unknown = await ask('/alerts/nowhere/resolve', {
    method: 'POST',
    headers: TOKEN,
    body: '{"by":"me"}',
  });
  expected(
    unknown.status === 404 && unknown.text.includes('"message"'),
    `an error is told by our own filter (${unknown.status} ${unknown.text.slice(0, 80)})`,
  );
  if (host.guard === 'named')
    expected((await answerOf(`${url}${prefix}/metrics`)).status === 403, 'the guard that is named refuses');
}

async function checkOwn(host: Host, url: string, expected: Expected): Promise<void> {
  const prefix = host.prefix === 'none' ? '' : '/api';
  const versioned = `${url}${prefix}${host.versioning ? '/v1' : ''}`;
  const headers = host.guard === 'global' ? KEY : {};
  const body = (value: object): string => JSON.stringify(host.envelope ? { data: value } : value);

  const own = await answerOf(`${versioned}/own`, { headers });
  expected(
    own.text === body({ own: 'answer' }),
    `its own answers stay as they are (${own.text.slice(0, 60)})`,
  );
  if (host.health !== 'ours') {
    const health = await answerOf(`${url}${prefix}/health`, { headers });
    expected(health.text === body({ own: 'health' }), `its own /health stays (${health.text.slice(0, 60)})`);
  }
  if (host.guard === 'global') {
    const refused = await answerOf(`${versioned}/own`);
    expected(refused.status === 403, `its guard refuses (${refused.status})`);
    expected(refused.text.includes('"house"') === host.filter, 'its filter answers, where it has one');
  }
  if (host.terminus) {
    const check = await answerOf(`${versioned}/check`, { headers });
    expected(
      check.text.includes('"observability":{"status":"up"'),
      `its terminus asks ours (${check.text.slice(0, 80)})`,
    );
  }
}

function checkOutput(host: Host, output: string, expected: Expected): void {
  const heard = output.match(/^heard order\.filled$/gm)?.length ?? 0;
  const emitted = host.applications === 'two' ? 3 : 2;
  expected(heard === emitted, `its wildcard listener hears each fill once (${heard} of ${emitted})`);
  expected(/Metrics at http:\S+\/metrics/.test(output), 'the address of /metrics is logged');
  const complaints = output.split('\n').filter((line) => / (WARN|ERROR|FATAL) /.test(line));
  expected(complaints.length === 0, `nothing is complained of (${complaints.join(' ')})`);
  expected(
    output.includes('configured port 8080\n') === host.configured,
    'the configuration is a service where it is imported',
  );
  if (host.openTelemetry !== 'none')
    expected(output.includes('own instruments: own_orders\n'), 'its meter provider stays the global one');
}

async function answerOf(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text() };
}
