import fc from 'fast-check';
import { PIPELINE } from './pipeline';
import { arbitraryScenario } from './testing/arbitrary-scenario';
import { pipelineRunner } from './testing/pipeline-runner';
import { referenceModel } from './testing/reference-model';
import type { Scenario, Sent } from './testing/scenario';

const RUNS = Number(process.env['RUNS'] ?? 60);

/** What was sent, by bot and channel, in order. */
function byChannel(sent: readonly Sent[]): Readonly<Record<string, readonly string[]>> {
  const lists: Record<string, string[]> = {};
  for (const { bot, channel, at, kind, level, subject, digest } of sent) {
    const about =
      subject === undefined
        ? `${digest?.named.map((one) => `${one.condition} ${one.symbol}`).join(', ') ?? ''} + ${digest?.others ?? 0}`
        : `${subject.condition} ${subject.symbol}`;
    (lists[`${bot} ${channel}`] ??= []).push(`${new Date(at).toISOString()} ${kind} ${level} ${about}`);
  }
  return lists;
}

const pipeline = pipelineRunner();

function disagrees(scenario: Scenario, runner = pipeline): boolean {
  return (
    JSON.stringify(byChannel(runner(scenario).sent)) !==
    JSON.stringify(byChannel(referenceModel(scenario).sent))
  );
}

describe('the pipeline', () => {
  it('sends what the reference model does, in any scenario', () => {
    fc.assert(
      fc.property(arbitraryScenario, (scenario) => {
        expect(byChannel(pipeline(scenario).sent)).toEqual(byChannel(referenceModel(scenario).sent));
      }),
      { numRuns: RUNS },
    );
  });
});
