import type { SuppressionReason } from '@opensqt/trading-events';
import { PIPELINE } from '../policy/pipeline';

/** The stage that answers with that reason. Some reasons are no stage's: they are about what was sent before. */
const STAGE_OF: { readonly [Reason in SuppressionReason]?: string } = {
  silenced: 'silence',
  not_matched: 'match',
  below_channel_level: 'match',
  acknowledged: 'acknowledged',
  awaiting_acknowledgement: 'acknowledged',
  quiet_hours: 'quiet_hours',
  part_of_incident: 'incident',
  flapping: 'flapping',
  not_due: 'repeat',
  throttled: 'throttle',
};

/** Says which stage held a message, which ones it had passed and which were not asked. */
export function stagesLine(stage: string): string {
  const names = PIPELINE.map(({ name }) => name);
  const index = names.indexOf(stage);
  const [passed, unasked] = [names.slice(0, Math.max(0, index)), names.slice(index + 1)];
  return [
    `held by ${stage}`,
    ...(passed.length === 0 ? [] : [`passed ${passed.join(', ')}`]),
    ...(unasked.length === 0 ? [] : [`not asked: ${unasked.join(', ')}`]),
  ].join('; ');
}

/** The name of the stage that answers with that reason; undefined when it is no stage's. */
export function stageOf(reason: SuppressionReason): string | undefined {
  return STAGE_OF[reason];
}

/** The same for a reason that was recorded; undefined when it is no stage's. */
export function stagesOf(reason: SuppressionReason): string | undefined {
  const stage = stageOf(reason);
  return stage === undefined ? undefined : stagesLine(stage);
}
