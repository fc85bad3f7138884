import { useEffect, useState } from 'preact/hooks';
import { type ApiError, type Query, read } from '../api/client';

/** A part of the API as it is read. `value` is the last that came, also while a newer one is asked for. */
interface Remote<Value> {
  readonly value: Value | null;
  readonly error: ApiError | null;
}

/**
 * Reads a part of the API, and again whenever its address or `version` changes. The last value stays until the next has come,
 * as long as `subject` is the same.
 */
export function useRemote<Value>(
  path: string | null,
  query: Query = {},
  version: string | number = '',
  subject: string = path ?? '',
): Remote<Value> {
  const [state, setState] = useState<Remote<Value> & { readonly subject: string }>({
    value: null,
    error: null,
    subject,
  });
  const key = `${path} ${JSON.stringify(query)} ${version}`;
  useEffect(() => {
    if (path === null) return undefined;
    const controller = new AbortController();
    setState((before) => ({
      value: before.subject === subject ? before.value : null,
      error: null,
      subject,
    }));
    read<Value>(path, query, controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) setState({ value, error: null, subject });
      },
      (error: ApiError) => {
        if (!controller.signal.aborted) setState((before) => ({ ...before, error }));
      },
    );
    return () => controller.abort();
  }, [key]);
  return state.subject === subject ? state : { value: null, error: null };
}
