import fc from 'fast-check';
import { arbitraryScenario, arbitraryScenarioSetBack } from './arbitrary-scenario';
import { pipelineRunner } from './pipeline-runner';
import { referenceModel } from './reference-model';
import type { Scenario, Sent } from './scenario';

/** The number of runs, their seed, and the limit of shrinking a failure (ms): what is found by then is printed. */
interface Runs {
  readonly numRuns: number;
  readonly seed: number;
  readonly interruptAfterTimeLimit: number;
}

/** Fixed, so that a change is judged by what it changes; `OPENSQT_PROPERTY_SEED` tries others. */
const SEED = Number(process.env['OPENSQT_PROPERTY_SEED'] ?? 13);

export const FEW: Runs = { numRuns: 200, seed: SEED, interruptAfterTimeLimit: 100_000 };
export const MANY: Runs = { numRuns: 1_500, seed: SEED, interruptAfterTimeLimit: 550_000 };

/** The messages by bot and channel, in order. */
export function byChannel(sent: readonly Sent[]): Readonly<Record<string, readonly string[]>> {
  const lists: Record<string, string[]> = {};
  for (const { bot, channel, at, kind, level, subject, digest } of sent) {
    const named = digest?.named.map((one) => `${one.condition} ${one.symbol}`).join(', ') ?? '';
    const about =
      subject === undefined ? `${named} + ${digest?.others ?? 0}` : `${subject.condition} ${subject.symbol}`;
    const list = (lists[`${bot} ${channel}`] ??= []);
    list.push(`${new Date(at).toISOString()} ${kind} ${level} ${about}`);
  }
  return lists;
}

/** Messages that say again what the channel was sent just before, earlier than a repeat is due. */
function saidTwice({ settings }: Scenario, sent: readonly Sent[]): readonly Sent[] {
  const last = new Map<string, Sent>();
  return sent.filter((message) => {
    const { bot, channel, subject, kind, level, at } = message;
    if (subject === undefined || kind === 'flapping') return false;
    const key = JSON.stringify([bot, channel, subject]);
    const before = last.get(key);
    last.set(key, message);
    const isSame = before?.kind === kind && before.level === level;
    return isSame && kind === 'repeated' && Math.abs(at - before.at) < settings.repeatInterval;
  });
}

/** Runs random scenarios over the pipeline, which must send what the reference model does. A failure prints seed, path and scenario. */
export function sendsWhatTheReferenceDoes(runs: Runs): void {
  const pipeline = pipelineRunner();
  fc.assert(
    fc.property(arbitraryScenario, (scenario) => {
      const { sent, unnotified } = pipeline(scenario);
      expect(byChannel(sent)).toEqual(byChannel(referenceModel(scenario).sent));
      expect(unnotified).toEqual([]);
      expect(saidTwice(scenario, sent)).toEqual([]);
    }),
    runs,
  );
}

/** Runs random scenarios in which the clock is set back, too: nothing is lost in them, and nothing stalls. */
export function neitherStallsNorRepeatsItself(runs: Runs): void {
  const pipeline = pipelineRunner();
  fc.assert(
    fc.property(arbitraryScenarioSetBack, (scenario) => {
      const { sent, unnotified } = pipeline(scenario);
      expect(unnotified).toEqual([]);
      expect(saidTwice(scenario, sent)).toEqual([]);
    }),
    runs,
  );
}
