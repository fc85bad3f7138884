import { Choice, Field } from '../../components/field';
import { type Setting, type Texts, textOf } from './changes';

interface FormProps {
  readonly settings: readonly Setting[];
  readonly texts: Texts;
  readonly onChange: (key: string, text: string) => void;
}

/** Everything that can be tried; what is changed says what is in force. */
export function RulesForm({ settings, texts, onChange }: FormProps) {
  return (
    <div class="form">
      {settings.map(({ key, value, choices }) => {
        const inForce = textOf(value);
        const text = texts[key] ?? inForce;
        const common = {
          label: text.trim() === inForce ? key : `${key} (now ${inForce || 'none'})`,
          value: text,
        };
        const name = typeof value === 'object' && value !== null ? 'all' : '';
        const set = (next: string) => onChange(key, next);
        return choices ? (
          <Choice key={key} {...common} options={choices.map((one) => [one, one])} onChange={set} />
        ) : (
          <Field
            key={key}
            {...common}
            class={name}
            placeholder={value === null ? 'none' : ''}
            onInput={set}
          />
        );
      })}
    </div>
  );
}
