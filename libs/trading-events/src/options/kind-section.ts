import { z } from 'zod';

/** A section of one kind of several; a key with a literal names the kind. */
export type KindSection = z.ZodObject<z.core.$ZodLooseShape, z.core.$strict>;

/**
 * A section whose keys depend on its kind, which `key` names.
 *
 * @param sections by the names of their kinds; each has `key` as a literal
 * @param fallback the kind of a section that names none
 */
export function kindSection(
  key: string,
  sections: Readonly<Record<string, KindSection>>,
  fallback: string,
): z.ZodType {
  const [first, ...others] = Object.values(sections);
  if (first === undefined || others.length === 0) return first ?? z.strictObject({});
  const named = (raw: unknown): unknown =>
    typeof raw === 'object' && raw !== null && (raw as Record<string, unknown>)[key] === undefined
      ? { ...raw, [key]: fallback }
      : raw;
  const error = `one of ${Object.keys(sections).join(', ')}`;
  return z.preprocess(named, z.discriminatedUnion(key, [first, ...others], { error }));
}
