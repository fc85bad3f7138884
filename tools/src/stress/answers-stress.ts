import { setTimeout as delay } from 'node:timers/promises';
import { type EventLog, type LogRecord, openPostgresEventLog } from '@opensqt/event-log';
import { CuttingProxy, PostgresServer } from '@opensqt/event-log/testing';
import { createEvent, type Random, seededRandom } from '@opensqt/trading-events';
import { type AnswersFaults, type Seen, auditAnswers, seenIn } from './answers-audit';

/** The troubles of a run. */
export interface AnswersOptions {
  /** Answers to commits that never arrive. */
  readonly cuts: number;
  /** Times that the server is killed and started again. */
  readonly crashes: number;
  /** The same seed has the troubles at the same moments, as far as the machine lets it. */
  readonly seed: string;
  readonly onTrouble?: (() => void) | undefined;
}

/** The findings of a run. */
export interface AnswersReport {
  readonly cuts: number;
  readonly crashes: number;
  readonly events: number;
  readonly acknowledged: number;
  readonly readers: number;
  readonly faults: AnswersFaults;
}

/** Events that a writer hands over before it waits for them. */
const AT_ONCE = 10;
const MAX_PAUSE_MS = 100;
const CUT_WITHIN_MS = 120_000;

/**
 * Lets three processes' logs write to one server and read from it, two of them through a proxy that cuts answers of commits that the server has
 * carried out, while the server is killed again and again. Two further logs read only.
 */
export async function answersStress(options: AnswersOptions): Promise<AnswersReport> {
  const server = await PostgresServer.start();
  const proxy = await CuttingProxy.before(server.url);
  const logs: EventLog[] = [];
  const open = async (url: string, writer?: string): Promise<EventLog> => {
    const log = await openPostgresEventLog({ url, writer, readOnly: writer === undefined });
    logs.push(log);
    return log;
  };
  try {
    const writers = [await open(proxy.url, 'a'), await open(proxy.url, 'b'), await open(server.url, 'c')];
    const readers = [...writers, await open(proxy.url), await open(server.url)].map(watched);
    const stopping = new AbortController();
    const writing = Promise.all(writers.map((log) => writeUntil(stopping.signal, log)));
    await Promise.race([makeTrouble(options, server, proxy), writing]);
    stopping.abort();
    const acknowledged = (await writing).flat();
    for (const reader of readers) await reader.caughtUp();
    const records: LogRecord[] = [];
    for await (const some of (await open(server.url)).read()) records.push(...some);
    const { cuts } = proxy;
    const faults = auditAnswers(
      seenIn(records),
      acknowledged,
      readers.map(({ seen }) => seen),
    );
    const counts = { events: records.length, acknowledged: acknowledged.length, readers: readers.length };
    return { cuts, crashes: options.crashes, ...counts, faults };
  } finally {
    await Promise.allSettled(logs.map((log) => log.close()));
    await proxy.close();
    await server.remove();
  }
}

/** Subscribes to a log from its beginning. */
function watched(log: EventLog): { readonly seen: readonly Seen[]; readonly caughtUp: () => Promise<void> } {
  const seen: Seen[] = [];
  const onError = (): undefined => undefined; // the server is away, or an answer was cut
  const subscription = log.subscribe(1, (records) => void seen.push(...seenIn(records)), { onError });
  return { seen, caughtUp: () => subscription.caughtUp() };
}

/** @returns the symbols of the acknowledged events */
async function writeUntil(stopped: AbortSignal, log: EventLog): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  for (let written = 0; !stopped.aborted; written += AT_ONCE) {
    const appends = Array.from({ length: AT_ONCE }, async (_, i) => {
      const symbol = `${log.writer}-${written + i + 1}`;
      await log.append([createEvent('symbol.stopped', { symbol, reason: 'operator' })]);
      acknowledged.push(symbol);
    });
    await Promise.all(appends);
  }
  return acknowledged;
}

async function makeTrouble(
  { cuts, crashes, seed, onTrouble }: AnswersOptions,
  server: PostgresServer,
  proxy: CuttingProxy,
): Promise<void> {
  const random = seededRandom(`answers:${seed}`);
  for (const trouble of shuffled(
    [...Array<'cut'>(cuts).fill('cut'), ...Array<'crash'>(crashes).fill('crash')],
    random,
  )) {
    await delay(random() * MAX_PAUSE_MS);
    if (trouble === 'cut') await cutOne(proxy);
    else await server.crash().then(() => server.start());
    onTrouble?.();
  }
}

async function cutOne(proxy: CuttingProxy): Promise<void> {
  const before = proxy.cuts;
  const deadline = performance.now() + CUT_WITHIN_MS;
  proxy.cutAnswerTo('.append(');
  while (proxy.cuts === before) {
    if (performance.now() > deadline) throw new Error(`Nothing was committed in ${CUT_WITHIN_MS} ms.`);
    await delay(1);
  }
}

function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
