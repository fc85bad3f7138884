import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  type Checkpoint,
  type EventLog,
  EventLogError,
  type Lease,
  type LogRecord,
} from '@opensqt/event-log';
import { type AlertEvent, Rejection, parseEvent } from '@opensqt/trading-events';
import { EVENT_LOG } from '../../ingest/event-log';
import { EventRecorder } from '../../ingest/event-recorder';
import { ALERT_POLICY } from '../model/alert-tokens';
import { alertsProjection, isAlertEvent } from '../model/alerts.projection';
import type { AlertsState } from '../model/alerts.state';
import { AlertBook } from '../policy/alert-book';
import type { AlertPolicy } from '../policy/settings';
import { type DeliveryLedger, LedgerListeners } from './delivery-ledger';
import { StateDroppedError } from './state-dropped-error';
import { type EntryKind, Outbox, type OutboxEntry } from './outbox';

const FULL_LOG_PAUSE_MS = 100;
/** Before a log that could not be read is asked again for what is committed. */
const RENEWAL_PAUSE_MS = 500;

/** An event of this process that was folded before it came back from the log. */
interface Ahead {
  readonly isDecision: boolean;
  /** The log's end once it was written: a record beyond it says that the log held the event before and skipped it. */
  through: number | undefined;
}

/** The one state of a process that decides. */
interface Lead {
  readonly lease: Lease;
  book: AlertBook;
  /** The position that the book was made at: records up to it are folded in. */
  since: number;
  /** By event id, in the order in which they were folded. */
  ahead: Map<string, Ahead>;
  /** True when the book may hold what the log does not, or in another order: it is dropped, and made anew from what is committed. */
  isStale: boolean;
  /** Aborts when no book can be made any more: the lease is of no use here. */
  readonly ended: AbortController;
}

/**
 * The alerts' state and the only way to change it. In the process that decides there is one book: an event is folded in at once and
 * written to the log, in order; whoever must not act before it is durable awaits the write. When something could not be written, or the
 * log has it in another order, the book is dropped whole and made anew from what is committed. Elsewhere the state is that of the log.
 */
@Injectable()
export class AlertLedger extends LedgerListeners implements DeliveryLedger {
  private readonly outbox = new Outbox();
  private leading: Lead | undefined;
  private isWriting = false;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly recorder: EventRecorder,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(ALERT_POLICY) private readonly policy: AlertPolicy,
  ) {
    super();
  }

  /** The state now. */
  get state(): Readonly<AlertsState> {
    return this.leading?.book.state ?? this.recorder.committedView(alertsProjection);
  }

  /** The book that decisions are made on; undefined where another process decides. */
  get book(): AlertBook | undefined {
    return this.leading?.book;
  }

  /**
   * Begins to decide, with the state that everything committed so far led to. What is decided from now on is fenced by the lease.
   *
   * @returns aborts when this can't go on: the lease is to be released, so that somebody decides
   */
  async lead(lease: Lease): Promise<AbortSignal> {
    const ended = new AbortController();
    this.leading = { lease, ...(await this.committed()), ahead: new Map(), isStale: false, ended };
    this.reset();
    return ended.signal;
  }

  /** Leaves deciding to another process. What was decided and is not recorded yet will not be. */
  standBy(): void {
    this.leading = undefined;
    for (const proceed of this.waiting.splice(0)) proceed();
  }

  /** Resolves when the state is one that decisions can be made on. */
  async whole(): Promise<void> {
    while (this.isStale) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Drops the state, and whatever was decided on it and is not recorded. */
  drop(): void {
    if (this.leading === undefined) return;
    this.leading.isStale = true;
    this.outbox.drop(['decision'], dropped());
    void this.write();
  }

  /**
   * Takes in what the log says next, of which others may have recorded some: an acknowledgement, a silence, an alert.
   *
   * @returns true for what was decided here; when the state had to be dropped for it, await {@link whole} before deciding
   */
  follow({ position, event }: LogRecord): boolean {
    const lead = this.leading;
    if (lead === undefined) return false;
    for (const [id, { through }] of lead.ahead) {
      if (through === undefined || through >= position) break;
      lead.ahead.delete(id);
      this.drop();
    }
    if (!isAlertEvent(event)) return false;
    const own = lead.ahead.get(event.id);
    if (own !== undefined) {
      lead.ahead.delete(event.id);
      return own.isDecision;
    }
    if (position <= lead.since || lead.isStale) return false;
    if (lead.ahead.size > 0) this.drop();
    else {
      this.foldIn(lead, event);
      this.change();
    }
    return false;
  }

  /** True while the book is to be dropped: nothing can be decided on it. */
  get isStale(): boolean {
    return this.leading?.isStale === true;
  }

  /** Says that decisions were folded into the book, which {@link recordDecisions} writes. */
  decided(events: readonly AlertEvent[]): void {
    if (this.leading === undefined) return;
    for (const event of events) {
      this.leading.ahead.set(event.id, { isDecision: true, through: undefined });
      this.fold(event);
    }
  }

  /**
   * Writes decisions, under the lease.
   *
   * @param checkpoint moves with them, in the same transaction
   * @returns resolves when they are on disk
   * @throws EventLogError (rejects) when they are not and will not be: the state they were made on is dropped
   */
  async recordDecisions(events: readonly AlertEvent[], checkpoint?: Checkpoint): Promise<void> {
    if (this.leading === undefined) throw notLeading();
    if (this.leading.isStale) throw dropped();
    await this.enqueue('decision', events, checkpoint);
  }

  async record(events: readonly AlertEvent[]): Promise<void> {
    if (this.leading === undefined) throw notLeading();
    if (this.leading.isStale) throw dropped();
    this.foldAll(this.leading, events, true);
    await this.enqueue('decision', events, undefined);
  }

  async recordFact(events: readonly AlertEvent[]): Promise<void> {
    if (this.leading === undefined) throw notLeading();
    if (!this.leading.isStale) this.foldAll(this.leading, events, false);
    await this.enqueue('fact', events, undefined);
  }

  /**
   * Writes what an operator or the application asks for, whichever process decides: it is decided on by the leader, when that reads it.
   *
   * @throws EventLogError (rejects) `LOG_CLOSED` once the log is closed, `LOG_REFUSED` when it can't be stored
   */
  async recordRequest(events: readonly AlertEvent[]): Promise<void> {
    for (const parsed of events.map((event) => parseEvent(event)))
      if (parsed instanceof Rejection) throw new EventLogError('LOG_REFUSED', parsed.message);
    if (this.leading?.isStale === false) this.foldAll(this.leading, events, false);
    await this.enqueue('request', events, undefined);
    if (this.leading === undefined) await this.recorder.caughtUp();
    else await this.whole();
  }

  private enqueue(
    kind: EntryKind,
    events: readonly AlertEvent[],
    checkpoint: Checkpoint | undefined,
  ): Promise<void> {
    const written = this.outbox.add(kind, events, checkpoint);
    void this.write();
    this.change();
    return written;
  }

  private foldAll(lead: Lead, events: readonly AlertEvent[], isDecision: boolean): void {
    for (const event of events) {
      lead.ahead.set(event.id, { isDecision, through: undefined });
      this.foldIn(lead, event);
    }
  }

  private foldIn({ book }: Lead, event: AlertEvent): void {
    book.fold(event);
    this.fold(event);
  }

  private async write(): Promise<void> {
    if (this.isWriting) return;
    this.isWriting = true;
    try {
      while (!this.outbox.isEmpty || this.isStale) {
        if (this.leading?.isStale === true) await this.renew(this.leading);
        else await this.writeSome(this.outbox.take());
      }
    } finally {
      this.isWriting = false;
    }
  }

  private async writeSome(entries: readonly OutboxEntry[]): Promise<void> {
    const lead = this.leading;
    const lease = lead?.lease.lost.aborted === false ? lead.lease : undefined;
    const [first] = entries;
    if (first === undefined) return;
    if (first.kind !== 'request' && lease === undefined) {
      for (const { failed } of entries) failed(notLeading());
      return;
    }
    const checkpoint = entries.findLast((entry) => entry.checkpoint !== undefined)?.checkpoint;
    const events = entries.flatMap((entry) => entry.events);
    try {
      await this.commit(events, checkpoint, first.kind === 'request' ? undefined : lease);
      const through = this.log.status().position;
      for (const { id } of events) {
        const ahead = lead?.ahead.get(id);
        if (ahead !== undefined) ahead.through = through;
      }
      for (const { written } of entries) written();
    } catch (error) {
      const isLost = lease?.lost.aborted === true;
      if (!isLost && entries.length > 1 && entries.every(({ kind }) => kind === 'fact')) {
        for (const entry of entries) await this.writeSome([entry]);
        return;
      }
      // Decisions are dropped with the state; facts and requests are still to be recorded.
      const kept = entries.filter(({ kind }) => kind === 'fact' && !isLost && entries.length > 1);
      this.outbox.putBack(kept);
      for (const entry of entries) if (!kept.includes(entry)) entry.failed(error);
      if (events.length > 0) this.drop();
    }
  }

  /** Makes the state anew: what is committed, and on top of it what is still to be written. */
  private async renew(lead: Lead): Promise<void> {
    this.outbox.drop(['decision'], dropped());
    try {
      const { book, since } = await this.committed(lead);
      if (this.leading !== lead) return; // whoever leads by now has a book of its own
      this.outbox.drop(['decision'], dropped());
      Object.assign(lead, { book, since, ahead: new Map(), isStale: false });
      this.foldAll(lead, this.outbox.events(), false);
      this.reset();
      this.change();
    } catch (error) {
      if (this.leading === lead) this.end(lead, error);
    } finally {
      for (const proceed of this.waiting.splice(0)) proceed();
    }
  }

  private end(lead: Lead, error: unknown): void {
    this.leading = undefined;
    this.outbox.drop(['decision', 'fact'], error);
    lead.ended.abort(error);
  }

  /** @param lead the one that goes on with it: as long as it may, a log that can't be read is asked again */
  private async committed(lead?: Lead): Promise<{ readonly book: AlertBook; readonly since: number }> {
    const mayLead = (): boolean => this.leading === lead && lead?.lease.lost.aborted === false;
    for (;;) {
      try {
        await this.recorder.caughtUp();
        break;
      } catch (error) {
        const isClosed = error instanceof EventLogError && error.code === 'LOG_CLOSED';
        if (isClosed || !mayLead()) throw error;
        await delay(RENEWAL_PAUSE_MS);
      }
    }
    const { state, position } = this.recorder.committedState(alertsProjection);
    // Until the clock is known, nothing can be found to have been timed by one that was set back since.
    return { book: new AlertBook(state, this.policy, Infinity), since: position };
  }

  /** A full log empties again: alerts wait for it rather than being lost. */
  private async commit(
    events: readonly AlertEvent[],
    checkpoint: Checkpoint | undefined,
    lease: Lease | undefined,
  ): Promise<void> {
    for (;;) {
      try {
        return await this.recorder.commit(events, checkpoint, lease);
      } catch (error) {
        if (!(error instanceof EventLogError) || error.code !== 'LOG_FULL') throw error;
        await delay(FULL_LOG_PAUSE_MS);
      }
    }
  }
}

/** The code is that of the log, because what to do is the same: nothing, somebody else decides again. */
function notLeading(): EventLogError {
  const message =
    'Another process on the log decides about alerts by now. What this one was about to record is left to it.';
  return new EventLogError('LOG_LEASE_LOST', message);
}

function dropped(): StateDroppedError {
  return new StateDroppedError(
    'The state that this follows from was dropped, since something before it could not be recorded.',
  );
}
