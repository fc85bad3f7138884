import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Projection } from './projection';

/** Milliseconds for which writing a state may hold the thread at a time. */
const SLICE_MS = 2;
/** Entries between two looks at the clock. */
const LOOK_EVERY = 32;

/**
 * A state as JSON. The state must not change meanwhile: it is written in slices, between which others get their turn.
 *
 * @returns the text that `projection.decode(JSON.parse(text))` reads back
 */
export async function stateText<State>(
  projection: Pick<Projection<State>, 'encode'>,
  state: State,
): Promise<string> {
  const slices: string[] = [];
  let slice: string[] = [];
  let sliceEnds = performance.now() + SLICE_MS;
  for (const piece of piecesOf(projection.encode(state))) {
    slice.push(piece);
    if (slice.length % LOOK_EVERY !== 0 || performance.now() < sliceEnds) continue;
    slices.push(slice.join(''));
    slice = [];
    await nextTurn();
    sliceEnds = performance.now() + SLICE_MS;
  }
  return slices.join('') + slice.join('');
}

/** The same at once, for small states and for comparing. */
export function encodedState<State>(projection: Pick<Projection<State>, 'encode'>, state: State): string {
  return [...piecesOf(projection.encode(state))].join('');
}

/** A state that shares nothing with the one it was copied from. */
export function copiedState<State>(
  projection: Pick<Projection<State>, 'encode' | 'decode'>,
  state: State,
): State {
  return projection.decode(JSON.parse(encodedState(projection, state)) as Readonly<Record<string, unknown>>);
}

function* piecesOf(encoded: Readonly<Record<string, unknown>>): Iterable<string> {
  let separator = '{';
  for (const [field, value] of Object.entries(encoded)) {
    if (value === undefined) continue;
    yield `${separator}${JSON.stringify(field)}:`;
    separator = ',';
    if (isIterable(value)) yield* listPieces(value);
    else yield JSON.stringify(value);
  }
  yield separator === '{' ? '{}' : '}';
}

function* listPieces(list: Iterable<unknown>): Iterable<string> {
  let separator = '[';
  for (const entry of list) {
    yield separator + JSON.stringify(entry);
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
