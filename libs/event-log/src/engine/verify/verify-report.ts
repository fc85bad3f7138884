/** The checks, in the order in which they are made. */
export type VerifyCheck =
  | 'file'
  | 'database'
  | 'write-ahead log'
  | 'pages'
  | 'archive'
  | 'positions'
  | 'events'
  | 'quarantine'
  | 'ids'
  | 'bots'
  | 'checkpoints'
  | 'snapshots'
  | 'commits';

/** `error`: something is damaged or missing. `warning`: worth knowing, and no damage by itself. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  /** The damage, its place, and what the operator can do where that differs from restoring a backup. */
  readonly message: string;
}

/** The outcome of one check. */
export interface CheckResult {
  readonly check: VerifyCheck;
  /** The amount that was looked at, such as `1200 events`. */
  readonly looked: string;
  /** The first ones. */
  readonly findings: readonly Finding[];
  /** Findings in all. */
  readonly found: number;
}

/** Positions, both ends included. */
export interface PositionRange {
  readonly first: number;
  readonly last: number;
}

/** A position at which a commit ended, and the hash of the chain there, in hex: it stands for all that was committed up to it. */
export interface ChainPoint {
  readonly position: number;
  readonly hash: string;
}

/** The outcome of all checks of a log. */
export interface VerifyReport {
  readonly log: string;
  /** No finding is an error. */
  readonly ok: boolean;
  /** First position: 1, unless older ones were dropped from a database. */
  readonly first: number;
  /** Last position, as far as it can be read. */
  readonly position: number;
  readonly checks: readonly CheckResult[];
  /** The positions that the chain of hashes vouches for: each event there is the one that was committed. */
  readonly vouched: readonly PositionRange[];
}

const SHOWN = 20;

/** Collects the findings of a check. */
export class Findings {
  private readonly kept: Finding[] = [];
  private found = 0;
  private errors = 0;

  constructor(private readonly check: VerifyCheck) {}

  get hasErrors(): boolean {
    return this.errors > 0;
  }

  error(message: string): void {
    this.errors += 1;
    this.add({ severity: 'error', message });
  }

  warning(message: string): void {
    this.add({ severity: 'warning', message });
  }

  result(looked: string): CheckResult {
    return { check: this.check, looked, findings: this.kept, found: this.found };
  }

  private add(finding: Finding): void {
    this.found += 1;
    if (this.kept.length < SHOWN) this.kept.push(finding);
  }
}
