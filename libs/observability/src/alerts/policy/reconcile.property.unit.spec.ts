import fc from 'fast-check';
import { arbitraryScenario } from './testing/arbitrary-scenario';
import { pipelineRunner } from './testing/pipeline-runner';
import { referenceModel } from './testing/reference-model';
import type { Sent } from './testing/scenario';

const RUNS = 60;

/** What was sent, by bot and channel, in order. */
function byChannel(sent: readonly Sent[]): Readonly<Record<string, readonly string[]>> {
  const lists: Record<string, string[]> = {};
  for (const { bot, channel, at, kind, level, subject, digest } of sent) {
    const named = digest?.named.map((one) => `${one.condition} ${one.symbol}`).join(', ') ?? '';
    const about =
      subject === undefined
        ? `${named} + ${digest?.others ?? 0}`
        : `${subject.condition} ${subject.symbol}`;
    const list = (lists[`${bot} ${channel}`] ??= []);
    list.push(`${new Date(at).toISOString()} ${kind} ${level} ${about}`);
  }
  return lists;
}

describe('the pipeline', () => {
  it('sends what the reference model does, in any scenario', () => {
    const pipeline = pipelineRunner();
    fc.assert(
      fc.property(arbitraryScenario, (scenario) => {
        expect(byChannel(pipeline(scenario).sent)).toEqual(byChannel(referenceModel(scenario).sent));
      }),
      { numRuns: RUNS },
    );
  });
});
