import { table } from '@opensqt/configuration';
import {
  BUILT_IN_RULES,
  METRIC_CATALOGUE,
  alertsProjection,
  healthProjection,
  summaryProjection,
} from '@opensqt/observability/replay';
import {
  EVENT_CATALOGUE,
  EVENT_TYPES,
  type EventSource,
  type EventType,
  type FieldRule,
  REJECTION_REASONS,
} from '@opensqt/trading-events';

const SOURCES: Readonly<Record<EventSource, string>> = {
  orchestrator: 'Orchestrator',
  'risk-monitor': 'RiskMonitor',
  'position-manager': 'PositionManager',
  'order-executor': 'OrderExecutor',
  'remote-exchange': 'RemoteExchange',
  alerts: 'Alerts',
  'event-log': 'Event log',
};

/** Every event, by its source: the fact, whether it is stored, its fields, and what reads it. */
export function eventSections(): string {
  return Object.entries(SOURCES)
    .map(([source, heading]) => {
      const types = EVENT_TYPES.filter((type) => EVENT_CATALOGUE[type].source === source);
      const rows = types.map((type) => {
        const { fact, kept, version } = EVENT_CATALOGUE[type];
        return [`\`${type}\` v${version}`, fact, kept, readersOf(type).join(', ') || '–'];
      });
      const overview = table(['event', 'the fact', 'kept', 'read by'], rows);
      return [`## ${heading}`, overview, ...types.map(fieldsOf)].join('\n\n');
    })
    .join('\n\n');
}

export function refusalsTable(): string {
  return table(
    ['reason', 'an event is refused because'],
    Object.entries(REJECTION_REASONS).map(([reason, meaning]) => [`\`${reason}\``, meaning]),
  );
}

function fieldsOf(type: EventType): string {
  const fields = Object.entries<FieldRule>(EVENT_CATALOGUE[type].fields).map(
    ([field, rule]) => `\`${field}${rule.optional === true ? '?' : ''}\` ${rule.kind}`,
  );
  return `**\`${type}\`**: ${fields.join('; ')}`;
}

function readersOf(type: EventType): readonly string[] {
  const metrics = METRIC_CATALOGUE.filter(({ from }) => from.includes(type)).length;
  const reads = (handles: readonly EventType[]): boolean => handles.includes(type);
  return [
    ...(metrics > 0 ? [`metrics (${metrics})`] : []),
    ...(reads(healthProjection.handles) ? ['health'] : []),
    ...BUILT_IN_RULES.filter(({ handles }) => reads(handles)).map(
      ({ condition }) => `alert \`${condition}\``,
    ),
    ...(reads(alertsProjection.handles) ? ['alerts state'] : []),
    ...(reads(summaryProjection.handles) ? ['summary'] : []),
  ];
}
