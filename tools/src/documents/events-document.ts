import {
  BUILT_IN_RULES,
  alertsProjection,
  healthProjection,
  METRIC_CATALOGUE,
  summaryProjection,
} from '@opensqt/observability/replay';
import {
  EVENT_CATALOGUE,
  EVENT_TYPES,
  type EventSource,
  type EventType,
  type FieldRule,
} from '@opensqt/trading-events';
import { table } from '@opensqt/configuration';
import { GENERATED } from './markdown';

const SOURCES: Readonly<Record<EventSource, string>> = {
  orchestrator: 'Orchestrator',
  'risk-monitor': 'RiskMonitor',
  'position-manager': 'PositionManager',
  'order-executor': 'OrderExecutor',
  'remote-exchange': 'RemoteExchange',
  alerts: 'Alerts',
};

/** `docs/events.md`: every event, who states it, what it says and who reads it. */
export function eventsDocument(): string {
  const sections = Object.entries(SOURCES).map(([source, heading]) => {
    const types = EVENT_TYPES.filter((type) => EVENT_CATALOGUE[type].source === source);
    const overview = table(
      ['event', 'the fact', 'kept', 'read by'],
      types.map((type) => {
        const { fact, kept, version } = EVENT_CATALOGUE[type];
        return [`\`${type}\` v${version}`, fact, kept, readersOf(type).join(', ') || '–'];
      }),
    );
    return [`## ${heading}`, overview, ...types.map(fieldsOf)].join('\n\n');
  });
  return [
    '# Events',
    GENERATED,
    `An event is a record in one envelope: \`id\` (UUIDv7, the deduplication key), \`type\`, \`version\` (of its data), \`source\`,
\`occurredAt\` (epoch milliseconds, from the source's clock), \`causationId\` (the event that led to it, where there is one) and
\`data\`. **log** events are stored for good; **live** events are projected at once and never stored. Money and quantities are
decimal strings. A field with \`?\` may be absent.

\`\`\`
createEvent(type, data) ──▶ emitter.emit(event.type, event) ──▶ boundary ──▶ metrics, health (at once)
                                                                   └──▶ event log ──▶ alerts (once committed)
\`\`\`

An event that breaks these rules is refused at the boundary: counted in \`market_maker_events_rejected_total{type,reason}\`,
logged once per kind, and never thrown back at whoever emitted it. Events of the alerts themselves are written by the
\`AlertService\` alone; emitting one is refused.`,
    ...sections,
  ].join('\n\n');
}

function fieldsOf(type: EventType): string {
  const fields = Object.entries<FieldRule>(EVENT_CATALOGUE[type].fields).map(
    ([field, rule]) => `\`${field}${rule.optional === true ? '?' : ''}\` ${rule.kind}`,
  );
  return `**\`${type}\`**: ${fields.join('; ')}`;
}

function readersOf(type: EventType): readonly string[] {
  const metrics = METRIC_CATALOGUE.filter(({ from }) => from.includes(type)).length;
  return [
    ...(metrics > 0 ? [`metrics (${metrics})`] : []),
    ...(reads(healthProjection, type) ? ['health'] : []),
    ...BUILT_IN_RULES.filter(({ handles }) => handles.includes(type)).map(
      ({ condition }) => `alert \`${condition}\``,
    ),
    ...(reads(alertsProjection, type) ? ['alerts state'] : []),
    ...(reads(summaryProjection, type) ? ['summary'] : []),
  ];
}

function reads({ handles }: { readonly handles: readonly EventType[] }, type: EventType): boolean {
  return handles.includes(type);
}
