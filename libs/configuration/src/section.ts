import { z } from 'zod';

/**
 * A section of the file: keys that are known and no others. A key without a value (`slack:` and nothing after it) counts
 * as absent. An absent section is an empty one, so that its keys have their defaults.
 */
export function section<Shape extends z.core.$ZodLooseShape>(description: string, shape: Shape) {
  return keys(shape).prefault({}).describe(description);
}

/** The entries of a list: each has the same keys. */
export function keys<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.preprocess((raw) => withoutEmpty(raw, shape), z.strictObject(shape));
}

function withoutEmpty(raw: unknown, shape: object): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  return Object.fromEntries(
    Object.entries(raw).filter(([key, value]) => value !== null || !Object.hasOwn(shape, key)),
  );
}
