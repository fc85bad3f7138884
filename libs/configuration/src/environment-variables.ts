import { type KeyPath, type LocatedViolation, formatPath } from '@opensqt/trading-events/options';

/** The environment that `${NAME}` is replaced from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A tree of values in which every `${NAME}` has been replaced. */
export interface Substitution {
  readonly value: unknown;
  /** The paths of texts that came from the environment, with how they were written in the file. */
  readonly origins: ReadonlyMap<string, string>;
  readonly violations: readonly LocatedViolation[];
}

/** `$${` for a literal `${`; a reference; a reference without its end. */
const REFERENCE = /\$\$\{|\$\{([^}]*)\}|\$\{/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Replaces `${NAME}` in texts from the environment; `$${NAME}` stays as the text `${NAME}`. It works on the parsed values,
 * so that nothing in a variable can change the file's structure. Keys are left alone.
 */
export function substituteVariables(root: unknown, env: Environment): Substitution {
  const origins = new Map<string, string>();
  const violations: LocatedViolation[] = [];

  const visit = (value: unknown, keyPath: KeyPath): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...keyPath, index]));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, visit(item, [...keyPath, key])]),
      );
    }
    if (typeof value !== 'string' || !value.includes('${')) return value;

    const refuse = (found: string, allowed: string): string => {
      violations.push({ keyPath, path: formatPath(keyPath), found, allowed });
      return '';
    };
    return value.replace(REFERENCE, (written: string, name: string | undefined) => {
      if (written === '$${') return '${';
      if (name === undefined) return refuse('"${" without its "}"', '${NAME}, or $${ for the text "${"');
      if (!NAME.test(name)) {
        return refuse('a ${…} that is not the name of a variable', '${NAME} of letters, digits and _');
      }
      const replacement = env[name];
      if (replacement === undefined) {
        return refuse(
          `\${${name}}, which is not set`,
          `set the environment variable ${name}, or write the value`,
        );
      }
      origins.set(formatPath(keyPath), `\${${name}}`);
      return replacement;
    });
  };

  return { value: visit(root, []), origins, violations };
}
