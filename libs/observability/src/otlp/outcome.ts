import { formatDuration } from '@opensqt/trading-events';
import { excerpt } from '../channels/http/redact';
import { parsedObject } from '../channels/http/parsed-object';
import { statedPause } from '../channels/http/retry-after';
import type { HttpAnswer } from '../network/http-exchange';
import { HttpFailure } from '../network/http-exchange';

/** The outcome of an export. Reasons are words for an operator: nothing in them is a secret. */
export type Outcome =
  | { readonly kind: 'sent' }
  /** It arrived, and the collector left a part of it out. */
  | { readonly kind: 'partial'; readonly reason: string }
  /** `pauseMs` is the pause that the collector asks for. */
  | { readonly kind: 'failed'; readonly reason: string; readonly pauseMs?: number };

/**
 * Decides what an answer means: https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 *
 * @param secrets texts that a collector may echo
 * @param now epoch milliseconds, for a pause that is stated as a date
 */
export function outcomeOf(answer: HttpAnswer, secrets: readonly string[], now: number): Outcome {
  const { status, body, complete } = answer;
  const said = complete ? saidIn(body, secrets) : undefined;
  if (status >= 200 && status < 300) {
    const isPage = body.trimStart().startsWith('<');
    if (isPage) return failed(`${status} with an HTML page: something else answers for the collector`);
    const { rejectedDataPoints, errorMessage } = partIn(body);
    if (rejectedDataPoints === 0 && errorMessage === '') return { kind: 'sent' };
    const words = errorMessage === '' ? '' : `: ${excerpt(errorMessage, secrets)}`;
    return { kind: 'partial', reason: `the collector left out ${rejectedDataPoints} data points${words}` };
  }
  const answered = said ? `${status} ${said}` : String(status);
  if (![429, 502, 503, 504].includes(status)) return failed(answered);
  const pauseMs = statedPause(answer.headers, '', now);
  if (pauseMs === undefined) return failed(answered);
  return { ...failed(`${answered}, and asks for a pause of ${formatDuration(pauseMs)}`), pauseMs };
}

function failed(answered: string) {
  return { kind: 'failed', reason: `the collector answered ${answered}` } as const;
}

/**
 * The outcome of a request without an answer.
 *
 * @param timeoutMs the time that it had, where that is over
 */
export function failureOf(error: unknown, timeoutMs: number | undefined): Outcome {
  if (timeoutMs !== undefined)
    return { kind: 'failed', reason: `the collector did not answer within ${formatDuration(timeoutMs)}` };
  if (!(error instanceof HttpFailure)) return { kind: 'failed', reason: 'it could not be written' };
  const { reason, proxyStatus } = error;
  return {
    kind: 'failed',
    reason:
      proxyStatus === undefined
        ? `the collector could not be reached (${reason})`
        : `the proxy does not let it through (it answered ${proxyStatus})`,
  };
}

/** The words of a refusal: those of a `Status` or of a partial success, or the beginning of a text. */
function saidIn(body: string, secrets: readonly string[]): string {
  const status = parsedObject(body);
  if (status === undefined) return excerpt(body, secrets);
  const { message } = status;
  return excerpt(typeof message === 'string' ? message : partIn(body).errorMessage, secrets);
}

function partIn(body: string): { readonly rejectedDataPoints: number; readonly errorMessage: string } {
  const part = parsedObject(body)?.['partialSuccess'];
  const { rejectedDataPoints, errorMessage } = (part ?? {}) as Readonly<Record<string, unknown>>;
  return {
    rejectedDataPoints: Number(rejectedDataPoints) || 0, // 64-bit numbers are texts in OTLP's JSON
    errorMessage: typeof errorMessage === 'string' ? errorMessage : '',
  };
}
