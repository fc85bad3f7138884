import type { TargetedInputEvent } from 'preact';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly placeholder?: string;
  readonly class?: string;
  readonly isSecret?: boolean;
  readonly isFocused?: boolean;
}

/** A labelled line of text. */
export function Field({
  label,
  value,
  onInput,
  placeholder = '',
  class: name = '',
  isSecret = false,
  isFocused = false,
}: FieldProps) {
  const rest = {
    value,
    placeholder,
    autoFocus: isFocused,
    autoComplete: 'off',
    spellcheck: false,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => onInput(event.currentTarget.value),
  };
  return (
    <label class={name}>
      <span>{label}</span>
      {isSecret ? <input type="password" {...rest} /> : <input {...rest} />}
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onChange: (value: string) => void;
}

/** A labelled choice of one among several. */
export function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
