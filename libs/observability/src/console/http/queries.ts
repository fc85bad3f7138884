import { ConsoleProblem } from './console-problem';

/** @throws ConsoleProblem where it is given more than once */
export function textIn(name: string, given: unknown): string | undefined {
  if (given === undefined || given === '') return undefined;
  if (typeof given === 'string') return given;
  throw new ConsoleProblem(400, 'INVALID_REQUEST', `${name} can be given once.`);
}

/** @throws ConsoleProblem where it is given and no position */
export function positionIn(name: string, given: unknown): number | undefined {
  return wholeNumberIn(name, given, { min: 0, max: Number.MAX_SAFE_INTEGER });
}

/** @throws ConsoleProblem where it is given and no whole number within the bounds */
export function wholeNumberIn(
  name: string,
  given: unknown,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  if (given === undefined || given === '') return undefined;
  const value = typeof given === 'string' ? Number(given) : NaN;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const found = String(given).slice(0, 20);
  const allowed = max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}`;
  throw new ConsoleProblem(
    400,
    'INVALID_REQUEST',
    `${name} must be a whole number ${allowed}, found '${found}'.`,
  );
}
