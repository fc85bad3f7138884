import { type Setting, changesOf, linesOf, sectionOf } from './changes';

const settings: readonly Setting[] = [
  { key: 'large_execution.threshold', value: '10000', choices: null },
  { key: 'daily_loss.limit', value: null, choices: null },
  { key: 'burst', value: 10, choices: null },
  { key: 'flapping.changes', value: 4, choices: null },
  { key: 'slack.min_level', value: 'INFO', choices: ['INFO', 'WARNING'] },
  { key: 'routes', value: [], choices: null },
];
const texts = {
  'large_execution.threshold': '11000 ',
  'daily_loss.limit': '500',
  burst: 'many',
  'flapping.changes': '',
  'slack.min_level': 'WARNING',
  routes: '[{"channel":"slack"}]',
};

describe('Changed rules', () => {
  it('are none while the form says what is in force', () => {
    expect(changesOf(settings, {})).toEqual([]);
    expect(changesOf(settings, { burst: ' 10' })).toEqual([]);
  });

  it('are a part of the section `alerts`; what is no value is left to the bot to refuse', () => {
    expect(sectionOf(changesOf(settings, texts))).toEqual({
      large_execution: { threshold: '11000' },
      daily_loss: { limit: '500' },
      burst: 'many',
      flapping: { changes: null },
      slack: { min_level: 'WARNING' },
      routes: [{ channel: 'slack' }],
    });
  });

  it('are lines of YAML, before and after', () => {
    const lines = linesOf(changesOf(settings, texts)).map(({ sign, text }) => sign + text);
    expect(lines).toEqual([
      ' alerts:',
      '   large_execution:',
      '-    threshold: "10000"',
      '+    threshold: "11000"',
      '   daily_loss:',
      '+    limit: "500"',
      '-  burst: 10',
      '+  burst: many',
      '   flapping:',
      '-    changes: 4',
      '+    changes: null',
      '   slack:',
      '-    min_level: INFO',
      '+    min_level: WARNING',
      '-  routes: []',
      '+  routes: [{"channel":"slack"}]',
    ]);
  });
});
