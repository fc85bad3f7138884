import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '@opensqt/event-log';
import {
  allSeries,
  type Difference,
  differences,
  loggedSeries,
  METRIC,
  metricsProjection,
  metricsText,
  Rebuild,
} from '@opensqt/observability/replay';
import { remark } from '@opensqt/configuration/command-line';
import { replayProgress } from '../log-progress';

/** A difference counts when it shows at this many scrapes: between two metrics of one scrape a commit may fall. */
const SCRAPES = 3;
const PAUSE_MS = 100;
/** The limit of scrapes until none of their events wait to be committed. */
const TRIES = 100;
const ANSWER_PATIENCE_MS = 10_000;

/** The result of a comparison. */
export interface Comparison {
  /** Series that were compared. */
  readonly compared: number;
  readonly position: number;
  readonly differences: readonly Difference[];
}

/**
 * Compares what a running process shows with what its log says, at a moment when everything that it has counted is committed.
 *
 * @param url a `/metrics` address
 * @throws Error (rejects) that says why there is nothing to compare: no answer, another log, never a quiet moment
 */
export async function compareWithLive(log: EventLog, url: string): Promise<Comparison> {
  const rebuild = new Rebuild(log, metricsProjection, replayProgress);
  const { position: end } = log.status();
  for (const notice of await rebuild.begin(end)) remark(notice);
  await rebuild.advance(end);
  let lasting: readonly Difference[] | undefined;
  for (let scrape = 1; ; scrape++) {
    const { text, position } = await quietScrape(url);
    if (position < rebuild.position) throw new Error(otherLog(url, position, rebuild.position));
    await rebuild.advance(position);
    if (rebuild.position < position) throw new Error(otherLog(url, position, rebuild.position));
    const live = loggedSeries(text);
    const replayed = loggedSeries(await metricsText(rebuild.state, log, position, rebuild.now));
    const found = differences(replayed, live);
    lasting = found.filter(({ name }) => lasting?.some((before) => before.name === name) ?? true);
    if (lasting.length === 0 || scrape === SCRAPES) {
      return { compared: new Set([...live.keys(), ...replayed.keys()]).size, position, differences: lasting };
    }
    await delay(PAUSE_MS);
  }
}

interface Scrape {
  readonly text: string;
  readonly position: number;
}

async function quietScrape(url: string): Promise<Scrape> {
  for (let tried = 1; ; tried++) {
    const text = await scraped(url);
    const series = allSeries(text);
    const position = series.get(METRIC.eventLog.position);
    if (position === undefined)
      throw new Error(`${url} shows no ${METRIC.eventLog.position}. Name the address of /metrics.`);
    if (series.get(METRIC.eventLog.queueDepth) === '0') return { text, position: Number(position) };
    if (tried === TRIES) {
      throw new Error(
        `${url} had events waiting to be committed at each of ${TRIES} scrapes. Try again when it is quieter.`,
      );
    }
    await delay(PAUSE_MS / 10);
  }
}

async function scraped(url: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_PATIENCE_MS) });
  } catch (cause) {
    throw new Error(`${url} does not answer. Check the address, and that the process runs.`, { cause });
  }
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(`${url} answered ${response.status}: ${text.trim().slice(0, 200)}`);
}

function otherLog(url: string, shown: number, replayed: number): string {
  return `${url} is at position ${shown} and the log at ${replayed}: it does not write to this log. Name its log with --log.`;
}
