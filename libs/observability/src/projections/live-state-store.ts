import { type EventLog, type Snapshot, snapshotChecksum } from '@opensqt/event-log';
import type { SnapshotLogger } from './committed-projections';
import { unusable } from './snapshot-choice';

/** The live part of one projection's state, as data for JSON. */
export interface KeptPart {
  readonly name: string;
  /** The projection's. */
  readonly version: number;
  readonly state: unknown;
}

const VERSION = 1;
const RUNNING = 'null';

/**
 * Keeps the live parts from an orderly stop to the next start, as one more snapshot in the log. The start that uses it puts a
 * mark in its place, which is all that a process leaves that is killed.
 */
export class LiveStateStore {
  constructor(
    private readonly log: EventLog,
    private readonly logger: SnapshotLogger,
  ) {}

  /** The parts that the last stop kept, if it was an orderly one; nothing the next time. */
  async claim(): Promise<readonly KeptPart[]> {
    const [latest] = await this.log.snapshots(this.name);
    if (latest === undefined || latest.state === RUNNING) return [];
    try {
      const reason = this.unusable(latest);
      await this.save(RUNNING);
      if (reason === undefined) return JSON.parse(latest.state) as readonly KeptPart[];
      this.logger.warn(`What the last stop kept of live events is not used: ${reason}.`);
    } catch (error) {
      this.logger.warn(`What the last stop kept of live events could not be claimed: ${String(error)}`);
    }
    return [];
  }

  /** Keeps the parts. Call it last: what is appended after it makes them unusable, unless others write to the log too. */
  async keep(parts: readonly KeptPart[]): Promise<void> {
    await this.save(JSON.stringify(parts)).catch((error: unknown) =>
      this.logger.warn(
        `What follows from live events could not be kept and begins at zero: ${String(error)}`,
      ),
    );
  }

  private get name(): string {
    return this.log.shared ? `live of ${this.log.writer}` : 'live';
  }

  private unusable(kept: Snapshot): string | undefined {
    const { position } = this.log.status();
    const reason = unusable(kept, VERSION, position);
    if (reason !== undefined || this.log.shared || kept.position === position) return reason;
    return `the log goes on after it, from position ${kept.position} to ${position}`;
  }

  private async save(state: string): Promise<void> {
    const { position } = this.log.status();
    const snapshot = { projection: this.name, version: VERSION, position, state };
    await this.log.saveSnapshot({ ...snapshot, checksum: snapshotChecksum(snapshot) });
  }
}
