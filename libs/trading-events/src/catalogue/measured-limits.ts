import type { FieldRule } from './catalogue-entry';
import { measure } from './decimal-rules';
import { Fault, wrongType } from './rejection';
import { label } from './text-rules';

const MAX_LIMITS = 100;

const noLimits = wrongType(
  `an object of at most ${MAX_LIMITS} limits, each { value, threshold } under its code such as "max_position"`,
);

/** Measured values and their thresholds, by the code of the limit. */
export const measuredLimits: FieldRule = {
  kind: '{ limit: { value, threshold } }',
  parse: (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return noLimits;
    const entries = Object.entries(value);
    if (entries.length > MAX_LIMITS) return noLimits;
    const parsed: [string, unknown][] = [];
    for (const [limit, measured] of entries) {
      if (label.parse(limit) instanceof Fault || typeof measured !== 'object' || measured === null)
        return noLimits;
      const written = measured as Readonly<Record<string, unknown>>;
      const [ofValue, threshold] = [measure.parse(written['value']), measure.parse(written['threshold'])];
      if (ofValue instanceof Fault) return ofValue;
      if (threshold instanceof Fault) return threshold;
      parsed.push([limit, Object.freeze({ value: ofValue, threshold })]);
    }
    return Object.freeze(Object.fromEntries(parsed));
  },
};
