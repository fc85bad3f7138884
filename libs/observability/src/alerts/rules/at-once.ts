import { isPromise } from 'node:util/types';

/**
 * Passes on the answer of a rule's function, which may be an application's own.
 *
 * @throws Error when it is a promise: nobody waits for it, and its rejection would end the process
 */
export function atOnce<Answer>(answer: Answer): Answer {
  if (!isPromise(answer)) return answer;
  answer.catch(() => undefined);
  throw new Error('no answer of a rule: a promise. Make the function answer at once, without async');
}
