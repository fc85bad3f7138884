import type { AlertDetail } from '@opensqt/observability/console-api';
import { Icon } from '../../components/icon';
import { spaced } from '../../format/words';

type Answer = AlertDetail['channels'][number]['holds'][number]['stages'][number];

const MARKS = { passed: 'p', held: 'h', not_asked: 'x' } as const;
const words = ({ name, answer }: Answer) =>
  `${spaced(name)} ${answer === 'held' ? 'held it' : spaced(answer)}`;

/** The answers of the pipeline's stages, in their order. */
export function Stages({ stages }: { readonly stages: readonly Answer[] }) {
  return (
    <span class="stages" role="img" aria-label={stages.map(words).join(', ')}>
      {stages.map((answer) => (
        <i key={answer.stage} class={MARKS[answer.answer]} title={answer.reason ?? words(answer)}>
          {answer.answer === 'not_asked' ? null : (
            <Icon shape={answer.answer === 'passed' ? 'check' : 'held'} />
          )}
        </i>
      ))}
    </span>
  );
}
