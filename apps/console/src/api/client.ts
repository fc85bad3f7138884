import type { Problem } from '@opensqt/observability/console-api';

/** A request that was refused or not answered; its message is a sentence to show. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** Stable: `TOO_MANY_AT_WORK`, `TOKEN_NEEDED`; `NO_ANSWER` where nothing came back. */
    readonly code: string,
  ) {
    super(message);
  }
}

const base = new URL(
  `${document.querySelector<HTMLMetaElement>('meta[name=opensqt-api]')?.content ?? 'api/v1'}/`,
  document.baseURI,
);

/** Values of a query; null and empty ones are left out. */
export type Query = Readonly<Record<string, string | number | null | undefined>>;

/** The address of a part of the API. */
export function apiUrl(path: string, query: Query = {}): string {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') url.searchParams.set(name, String(value));
  }
  return url.href;
}

async function problemOf(response: Response): Promise<ApiError> {
  const { detail, code } = await response.json().then(
    (body: Partial<Problem>) => body,
    (): Partial<Problem> => ({}),
  );
  return new ApiError(detail ?? `The bot answered ${response.status} without a reason.`, code ?? 'NO_REASON');
}

async function request(method: string, path: string, query: Query, body?: unknown, signal?: AbortSignal) {
  const response = await fetch(apiUrl(path, query), {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError('No answer from the bot.', 'NO_ANSWER');
  });
  if (!response.ok) throw await problemOf(response);
  return response.status === 204 ? undefined : ((await response.json()) as unknown);
}

/** States of the past are made a few at a time: the others wait their turn. */
const TURNS = { tries: 20, pauseMs: 250 };

/** Reads a part of the API. Throws `ApiError`. */
export async function read<Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
  for (let left = TURNS.tries; ; left--) {
    try {
      return (await request('GET', path, query, undefined, signal)) as Answer;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'TOO_MANY_AT_WORK' || left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, TURNS.pauseMs));
      signal?.throwIfAborted();
    }
  }
}

/** Changes something. Throws `ApiError`. */
export const change = async <Answer = unknown>(
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  query: Query = {},
): Promise<Answer> => (await request(method, path, query, body)) as Answer;

export const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'The request failed for an unknown reason.';
