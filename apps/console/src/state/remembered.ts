import { type Signal, effect, signal } from '@preact/signals';

const PREFIX = 'opensqt.';

/** A choice that this browser keeps; without storage it lasts as long as the page. */
export function remembered<Value extends string | number | boolean>(
  name: string,
  initial: Value,
): Signal<Value> {
  const kept = signal(initial);
  try {
    const text = localStorage.getItem(PREFIX + name);
    if (text !== null) {
      const value: unknown = JSON.parse(text);
      if (typeof value === typeof initial) kept.value = value as Value;
    }
    effect(() => localStorage.setItem(PREFIX + name, JSON.stringify(kept.value)));
  } catch {
    return kept;
  }
  return kept;
}
