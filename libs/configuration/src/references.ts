import {
  type FileContent,
  type KeyPath,
  type LocatedViolation,
  formatPath,
  isFileReference,
  strangeEnd,
  withoutLineBreak,
} from '@opensqt/trading-events/options';

/** The environment that `${NAME}` is replaced from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The places that values are kept in outside of the configuration. */
export interface Sources {
  readonly env: Environment;
  /** Reads the file of `{ file: … }` or of a variable `NAME_FILE`. Absent: there are no files. */
  readonly contentOf?: ((path: string) => FileContent) | undefined;
}

/** A tree of values in which every reference has been replaced. */
export interface Resolution {
  readonly value: unknown;
  /** The paths of texts that came from elsewhere, with how they were written in the file. */
  readonly origins: ReadonlyMap<string, string>;
  readonly violations: readonly LocatedViolation[];
}

/** `$${` for a literal `${`; a reference; a reference without its end. */
const REFERENCE = /\$\$\{|\$\{([^}]*)\}|\$\{/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Replaces `${NAME}` in texts from the environment, or from the file that the variable `NAME_FILE` names, and `{ file: PATH }` by what that
 * file holds; `$${NAME}` stays as the text `${NAME}`. It works on the parsed values, so that nothing from elsewhere can change the
 * configuration's structure. One trailing line break is dropped from what is put in. Keys are left alone.
 */
export function resolveReferences(root: unknown, { env, contentOf = noFiles }: Sources): Resolution {
  const origins = new Map<string, string>();
  const violations: LocatedViolation[] = [];
  const refuse = (keyPath: KeyPath, found: string, allowed: string): string => {
    violations.push({ keyPath, path: formatPath(keyPath), found, allowed });
    return '';
  };

  const visit = (value: unknown, keyPath: KeyPath): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...keyPath, index]));
    if (isFileReference(value)) return ofFile(replaced(value.file, keyPath), keyPath, '{ file: … }');
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, visit(item, [...keyPath, key])]),
      );
    }
    return typeof value === 'string' ? replaced(value, keyPath) : value;
  };

  const replaced = (value: string, keyPath: KeyPath): string =>
    value.replace(REFERENCE, (written: string, name: string | undefined) => {
      if (written === '$${') return '${';
      if (name === undefined)
        return refuse(keyPath, '"${" without its "}"', '${NAME}, or $${ for the text "${"');
      if (!NAME.test(name)) {
        const found = 'a ${…} that is not the name of a variable';
        return refuse(keyPath, found, '${NAME} of letters, digits and _');
      }
      return ofVariable(name, keyPath);
    });

  const ofVariable = (name: string, keyPath: KeyPath): string => {
    const [value, file] = [env[name], env[`${name}_FILE`]];
    if (value !== undefined && file !== undefined) {
      const found = `\${${name}} while both ${name} and ${name}_FILE are set`;
      return refuse(keyPath, found, 'one of the two variables');
    }
    if (file !== undefined) return ofFile(file, keyPath, `\${${name}} by ${name}_FILE`);
    if (value !== undefined) return accepted(value, keyPath, `\${${name}}`);
    const allowed = `set the environment variable ${name}, or ${name}_FILE to a file that holds it, or write the value`;
    return refuse(keyPath, `\${${name}}, which is not set`, allowed);
  };

  const ofFile = (path: string, keyPath: KeyPath, origin: string): string => {
    // A path that could not be read whole has been refused already.
    if (violations.some((violation) => violation.keyPath === keyPath)) return '';
    const content = contentOf(path);
    if ('text' in content) return accepted(content.text, keyPath, origin);
    return refuse(
      keyPath,
      `${origin}, ${content.problem}`,
      'the path of a text file (UTF-8) that can be read',
    );
  };

  const accepted = (text: string, keyPath: KeyPath, origin: string): string => {
    origins.set(formatPath(keyPath), origin);
    const value = withoutLineBreak(text);
    // Several lines, such as certificates, are the key's own to judge.
    const strange = /\n./.test(value) ? undefined : strangeEnd(value);
    return strange === undefined
      ? value
      : refuse(keyPath, `the value of ${origin} (hidden)`, `one ${strange}`);
  };

  return { value: visit(root, []), origins, violations };
}

function noFiles(): FileContent {
  return { problem: 'a file that is not read here' };
}
