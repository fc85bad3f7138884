import type { EventLog, LogRecord } from '@opensqt/event-log';
import type { Causation, CausationNode } from '../api/timeline';
import { recordWords, symbolOf } from '../view/record-view';
import { REACH, findBefore, recordAt } from '../../replay/log-reading';

const MAX_EFFECTS = 200;
const MAX_DEPTH = 20;

/** A record's causes, up to the first on the log, and what followed from it; undefined where there is no such record. */
export async function causationOf(
  log: EventLog,
  position: number,
  end: number,
): Promise<Causation | undefined> {
  const record = position > end ? undefined : await recordAt(log, position);
  if (record === undefined) return undefined;
  const causes: LogRecord[] = [];
  let wanted = record.event.causationId;
  while (wanted !== undefined && causes.length < MAX_DEPTH) {
    const cause = await findBefore(log, wanted, causes[0]?.position ?? position);
    if (cause === undefined) break;
    causes.unshift(cause);
    wanted = cause.event.causationId;
  }
  return {
    position,
    causes: causes.map(nodeOf),
    causeNotOnLog: wanted !== undefined && causes.length < MAX_DEPTH,
    record: await withEffects(log, record, end),
  };
}

async function withEffects(log: EventLog, root: LogRecord, end: number): Promise<CausationNode> {
  const made: MutableNode = { ...nodeOf(root), effects: [], more: 0 };
  const family = new Map<string, MutableNode>([[root.event.id, made]]);
  let listed = 0;
  const part = { from: root.position + 1, to: Math.min(end, root.position + REACH) };
  for await (const records of log.read(part)) {
    for (const record of records) {
      const cause = family.get(record.event.causationId ?? '');
      if (cause === undefined) continue;
      if (listed >= MAX_EFFECTS) {
        cause.more += 1;
        continue;
      }
      listed += 1;
      const node: MutableNode = { ...nodeOf(record), effects: [], more: 0 };
      cause.effects.push(node);
      family.set(record.event.id, node);
    }
  }
  return made;
}

type Node = Causation['causes'][0];

interface MutableNode extends Node {
  readonly effects: MutableNode[];
  more: number;
}

function nodeOf({ position, event }: LogRecord): Node {
  const { occurredAt: at, type } = event;
  return { position, at, type, symbol: symbolOf(event), words: recordWords(event) };
}
