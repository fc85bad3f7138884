import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { PIPELINE } from './pipeline';
import { type Stage, type StageAnswer, hold } from './stages/stage';
import { arbitraryScenario, arbitraryScenarioSetBack } from './testing/arbitrary-scenario';
import { pipelineRunner } from './testing/pipeline-runner';
import { byChannel, wrongWhenSetBack } from './testing/reconcile-property';
import { referenceModel } from './testing/reference-model';
import type { Scenario } from './testing/scenario';

const SEED = 20_261_128;
const RUNS = 200;

/** The pipeline with another answer in place of one stage's. */
const withStage = (name: string, answer: StageAnswer): readonly Stage[] =>
  PIPELINE.map((stage) => (stage.name === name ? { ...stage, judge: () => answer } : stage));

const DEFECTS = PIPELINE.flatMap(({ name }) => [
  { name, does: 'passes', stages: withStage(name, 'pass') },
  { name, does: 'holds', stages: withStage(name, hold('below_channel_level')) },
]);

describe('the property of the pipeline', () => {
  const scenarios = fc.sample(arbitraryScenario, { seed: SEED, numRuns: RUNS });
  const expected = new Map<number, unknown>();
  const isAsExpected = (stages: readonly Stage[], index: number): boolean => {
    const scenario = scenarios[index];
    if (scenario === undefined) return true;
    const reference = expected.get(index) ?? byChannel(referenceModel(scenario).sent);
    expected.set(index, reference);
    try {
      return isDeepStrictEqual(byChannel(pipelineRunner(stages)(scenario).sent), reference);
    } catch {
      return false;
    }
  };

  it('holds for the pipeline as it is', () => {
    expect(scenarios.slice(0, 5).findIndex((_, index) => !isAsExpected(PIPELINE, index))).toBe(-1);
  });

  it.each(DEFECTS)('fails when the stage $name always $does', ({ stages }) => {
    expect(scenarios.findIndex((_, index) => !isAsExpected(stages, index))).toBeGreaterThanOrEqual(0);
  });
});

describe('the property of the pipeline whose clock is set back', () => {
  const scenarios = fc.sample(arbitraryScenarioSetBack, { seed: SEED, numRuns: RUNS });
  const isWrong = (stages: readonly Stage[], scenario: Scenario): boolean => {
    try {
      return wrongWhenSetBack(scenario, pipelineRunner(stages)).length > 0;
    } catch {
      return true;
    }
  };

  // It does not compare who was sent too much, but for bursts and what is said twice.
  it.each(DEFECTS.filter(({ does }) => does === 'holds'))(
    'fails when the stage $name always $does',
    ({ stages }) => {
      expect(scenarios.some((scenario) => isWrong(stages, scenario))).toBe(true);
    },
  );
});
