import { Inject, Injectable } from '@nestjs/common';
import { type EventLog, type LogRecord, snapshotChecksum } from '@opensqt/event-log';
import type { EpochMs } from '@opensqt/trading-events';
import { EVENT_LOG } from '../../ingest/event-log';
import { startingPoint } from '../../projections/snapshot-choice';
import { ALERT_POLICY } from '../model/alert-tokens';
import { isAlertEvent } from '../model/alerts.projection';
import { believedTimes } from '../policy/decision-time';
import { type EncodedMemories, type MemoriesState, RuleMemories } from '../policy/rule-memories';
import type { AlertPolicy } from '../policy/settings';
import { ContainedLogger } from './contained-logger';

const NAME = 'rule_memories';
const VERSION = 1;
/** The memories are written down at least every so many positions that are decided on. */
const SAVED_POSITIONS = 20_000;

/** Keeps the memories of the rules in step with the decisions: what decisions are made on, and what a restart begins with. */
@Injectable()
export class RuleMemoryStore {
  readonly memories: RuleMemories;
  private readonly logger = new ContainedLogger('Alerts');
  /** As of the position that decisions have reached. */
  private decided: MemoriesState;
  private saved = 0;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(ALERT_POLICY) { rules }: AlertPolicy,
  ) {
    this.memories = new RuleMemories(rules);
    this.decided = this.memories.state;
  }

  /** Begins with the memories that the log led to, up to the position decided on and no further. */
  async restore(position: number, now: EpochMs = Infinity): Promise<void> {
    if (this.memories.isEmpty) return;
    const projection = {
      ...{ name: NAME, version: VERSION, initial: () => this.memories.initial() },
      decode: (encoded: Readonly<Record<string, unknown>>) =>
        this.memories.decode(encoded as EncodedMemories),
    };
    const { first } = this.log.status();
    const start = startingPoint(projection, await this.log.snapshots(NAME), position, first);
    for (const refusal of start.refusals) this.logger.warn(refusal);
    this.memories.resume({ ...start.state, position: start.position });
    this.saved = start.position;
    if (start.position < position) {
      for await (const chunk of this.log.read({ from: start.position + 1, to: position }))
        this.foldAll(chunk, now);
    }
    this.memories.rebuild();
    this.decided = this.memories.state;
  }

  /** Goes back to the position decided on: what came after it is decided again. */
  reset(): void {
    this.memories.resume(this.decided);
  }

  /** Takes the memories of a position as those that decisions have reached. */
  async reached(state: MemoriesState): Promise<void> {
    this.decided = state;
    if (this.memories.state.position < state.position) this.memories.resume(state);
    await this.save(SAVED_POSITIONS);
  }

  /** Writes the memories down, once they are that many positions further. A failure costs the next start time. */
  async save(positions = 1): Promise<void> {
    const { position } = this.decided;
    if (this.memories.isEmpty || position - this.saved < positions) return;
    const before = this.saved;
    this.saved = position;
    const state = JSON.stringify(this.memories.encode(this.decided));
    const snapshot = { projection: NAME, version: VERSION, position, state };
    try {
      await this.log.saveSnapshot({ ...snapshot, checksum: snapshotChecksum(snapshot) });
      // A retention keeps what follows the snapshot before.
      if (this.log.shared) await this.log.saveCheckpoint({ consumer: NAME, position: before });
    } catch (error) {
      this.logger.warn(`The memories of the rules could not be written down: ${String(error)}`);
    }
  }

  private foldAll(records: readonly LogRecord[], now: EpochMs): void {
    const times = believedTimes(records.map(({ event }) => event.occurredAt));
    records.forEach(({ bot, position, event }, index) => {
      if (bot !== this.log.bot || isAlertEvent(event)) return;
      const occurredAt = Math.min(event.occurredAt, times[index] ?? Infinity, now);
      this.memories.fold(position, occurredAt === event.occurredAt ? event : { ...event, occurredAt });
    });
  }
}
