import type { SuppressionReason } from '@opensqt/trading-events';
import { PIPELINE } from '../policy/pipeline';
import { stagesOf } from './stages-line';

const OF_A_STAGE: readonly SuppressionReason[] = [
  ...(['silenced', 'not_matched', 'acknowledged', 'quiet_hours'] as const),
  ...(['part_of_incident', 'flapping', 'not_due', 'throttled'] as const),
];

describe('the line that explains a hold', () => {
  const [, ...stages] = PIPELINE.map(({ name }) => name); // the log holds nothing

  it('names each stage of the pipeline, those before it and those after it', () => {
    const lines = OF_A_STAGE.map((reason) => stagesOf(reason));
    expect(lines).toEqual(
      stages.map((stage, index) => {
        const unasked = stages.slice(index + 1);
        const passed = `held by ${stage}; passed log${stages
          .slice(0, index)
          .map((name) => `, ${name}`)
          .join('')}`;
        return unasked.length === 0 ? passed : `${passed}; not asked: ${unasked.join(', ')}`;
      }),
    );
  });

  it('is none for what is about messages that were sent before', () => {
    expect((['duplicate', 'superseded', 'channel_removed'] as const).map(stagesOf)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
