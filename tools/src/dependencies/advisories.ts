/** The severities of npm, the worst last, from which an advisory is a reason to change something now. */
const SERIOUS = ['high', 'critical'];

/** The registry's advisories about what is shipped. */
export type Advisories =
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'known'; readonly serious: readonly string[]; readonly others: readonly string[] };

/** Reads the output of `npm audit --json`, which is an error's when the registry does not answer. */
export function readAudit(json: string): Advisories {
  const report = parsed(json);
  if (report?.vulnerabilities === undefined) {
    return {
      kind: 'unreachable',
      reason: report?.message ?? report?.error?.summary ?? 'npm audit gave no report',
    };
  }
  const found = Object.entries(report.vulnerabilities).map(([name, { severity }]) => ({
    text: `${name} (${severity})`,
    isSerious: SERIOUS.includes(severity),
  }));
  return {
    kind: 'known',
    serious: found.filter(({ isSerious }) => isSerious).map(({ text }) => text),
    others: found.filter(({ isSerious }) => !isSerious).map(({ text }) => text),
  };
}

interface AuditReport {
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
  readonly message?: string;
  readonly error?: { readonly summary?: string };
}

function parsed(json: string): AuditReport | undefined {
  try {
    return JSON.parse(json) as AuditReport;
  } catch {
    return undefined;
  }
}
