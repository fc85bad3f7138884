import { incident, quietHours, silence } from './stages/muting';
import { flapping, repeat, throttle } from './stages/pace';
import { acknowledged, log, match } from './stages/routing';
import type { Failure } from './settings';
import type { Look, Stage, StageAnswer } from './stages/stage';

/** Everything that a message passes before it leaves, in order. */
export const PIPELINE: readonly Stage[] = [
  log,
  silence,
  match,
  acknowledged,
  quietHours,
  incident,
  flapping,
  repeat,
  throttle,
];

export interface StageVerdict {
  readonly stage: string;
  readonly answer: StageAnswer;
}

/**
 * Asks the stages in order, up to the first that holds. One that throws is passed over: notified once too often is better than never.
 *
 * @param failures stages that threw are added to them
 * @returns the answers, the last of which holds if any does
 */
export function runStages(
  look: Look,
  failures: Failure[],
  stages: readonly Stage[] = PIPELINE,
): readonly StageVerdict[] {
  const verdicts: StageVerdict[] = [];
  let isExempt = false;
  for (const stage of stages) {
    if (isExempt && stage.always !== true) continue;
    const answer = judged(stage, look, failures);
    verdicts.push({ stage: stage.name, answer });
    if (answer === 'exempt') isExempt = true;
    else if (answer !== 'pass') break;
  }
  return verdicts;
}

/** The answer of one stage alone; pass where it is none of the stages. */
export function answerOfStage(
  name: string,
  look: Look,
  failures: Failure[],
  stages: readonly Stage[] = PIPELINE,
): StageAnswer {
  const stage = stages.find((one) => one.name === name);
  return stage === undefined ? 'pass' : judged(stage, look, failures);
}

/** The stage's answer; pass when it throws. */
function judged(stage: Stage, look: Look, failures: Failure[]): StageAnswer {
  try {
    return stage.judge(look);
  } catch (error) {
    failures.push({ part: stage.name, error });
    return 'pass';
  }
}
