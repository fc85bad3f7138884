import type {
  AlertDetail,
  AlertView,
  Causation,
  DeliveryView,
  EventsPage,
  OpenAlertView,
  RecordView,
  SessionView,
  Timeline,
} from '@opensqt/observability/console-api';
import { FROM, NOW, mark } from './moments';
import { openAlert } from './overview-fixtures';

export const alertView = (alert: OpenAlertView, changes: Partial<AlertView> = {}): AlertView => ({
  ...alert,
  message: `${alert.title}. Open orders were cancelled, positions are kept.`,
  fields: { Notional: '58,554.05 USDT', 'Unrealized PnL': '−2,191.52 USDT' },
  status: 'open',
  incidentId: null,
  updatedAt: alert.since,
  resolvedAt: null,
  runbook: null,
  ...changes,
});

export const pastAlerts = (): readonly AlertView[] =>
  ['1000000MOGUSDT', 'ETHUSDT', 'BTCUSDT'].map((name, index) =>
    alertView(
      openAlert(`past${index}`, {
        level: 'WARNING',
        subject: name,
        summary: 'max volume ratio',
        title: `Risk limit cleared: max volume ratio of ${name}`,
        symbol: name,
      }),
      {
        status: 'resolved',
        resolvedAt: NOW - 190_000,
      },
    ),
  );

const STAGES = [
  'log',
  'silence',
  'match',
  'acknowledged',
  'quiet hours',
  'incident',
  'flapping',
  'throttle',
  'repeat',
];

export const alertDetail = (alert: OpenAlertView): AlertDetail => ({
  position: 5_655,
  alert: alertView(alert),
  raised: mark(alert.since, 5_534),
  cause: {
    position: 5_531,
    at: alert.since,
    type: 'circuit_breaker.tripped',
    words: 'all symbols, max drawdown',
  },
  steps: [{ position: 5_534, at: alert.since, type: 'alert.raised', words: 'CRITICAL' }],
  stages: STAGES,
  channels: [
    {
      channel: 'slack',
      holds: [],
      messages: [
        {
          deliveryId: 'd1',
          kind: 'raised',
          level: 'CRITICAL',
          title: alert.title,
          requested: mark(alert.since, 5_536),
          requestedWall: NOW,
          state: 'delivered',
          reason: null,
          attempts: [
            {
              attempt: 1,
              startedWall: NOW,
              outcome: 'rate_limited',
              detail: '429, asks for 7 s',
              latencyMs: null,
              nextWall: NOW + 7_000,
            },
            {
              attempt: 2,
              startedWall: NOW + 7_000,
              outcome: 'delivered',
              detail: null,
              latencyMs: 7_069,
              nextWall: null,
            },
          ],
        },
      ],
    },
    {
      channel: 'telegram',
      messages: [],
      holds: [
        {
          from: mark(alert.since, 5_537),
          reason: 'incident',
          until: null,
          stages: STAGES.map((name, index) => ({
            stage: index + 1,
            name,
            answer:
              index < 5 ? ('passed' as const) : index === 5 ? ('held' as const) : ('not_asked' as const),
            reason: index === 5 ? 'part of an incident that it was notified of' : null,
            until: null,
          })),
        },
      ],
    },
    {
      channel: 'discord',
      holds: [],
      messages: [
        {
          deliveryId: 'd3',
          kind: 'raised',
          level: 'CRITICAL',
          title: alert.title,
          requested: mark(alert.since, 5_539),
          requestedWall: NOW,
          state: 'abandoned',
          reason: 'broken: 404 Unknown Webhook',
          attempts: [],
        },
      ],
    },
  ],
});

export const record = (position: number): RecordView => ({
  position,
  at: NOW - (5_655 - position) * 1_000,
  committedWall: NOW,
  bot: 'mm-btc-1',
  writer: 'mm-btc-1',
  type: 'order.placed',
  id: `id-${position}`,
  causationId: null,
  symbol: 'BTCUSDT',
  words: 'BTCUSDT sell 0.01 at 60,100.5, post only',
  data: { price: '60100.5' },
});

export const eventsPage = (after: number | null): EventsPage => {
  const first = after === null ? 5_606 : after + 1;
  return {
    head: 5_655,
    records: Array.from({ length: Math.min(50, 5_656 - first) }, (_, index) => record(first + index)),
    older: first,
    newer: null,
  };
};

export const causation = (position: number): Causation => ({
  position,
  causes: [],
  causeNotOnLog: true,
  record: {
    position,
    at: NOW,
    type: 'circuit_breaker.tripped',
    symbol: null,
    words: 'all symbols, max drawdown',
    more: 0,
    effects: [
      {
        position: position + 3,
        at: NOW,
        type: 'alert.raised',
        symbol: null,
        words: 'CRITICAL',
        more: 2,
        effects: [],
      },
    ],
  },
});

export const timeline = (): Timeline => ({
  head: 5_655,
  first: 1,
  buckets: Array.from({ length: 100 }, (_, index) => ({
    from: 1 + index * 56,
    to: (index + 1) * 56,
    at: FROM + index * 120_000,
    records: 10 + ((index * 37) % 90),
    alerts: index % 23 === 0 ? 1 : 0,
    worst: index % 23 === 0 ? ('ERROR' as const) : null,
  })),
  alerts: [1, 1_289, 2_577, 5_534],
});

export const delivery = (): DeliveryView => ({
  position: 5_655,
  channels: (['log', 'slack', 'discord'] as const).map((channel) => ({
    channel,
    state: channel === 'discord' ? ('broken' as const) : ('delivers' as const),
    reason: channel === 'discord' ? '404 Unknown Webhook; one probe each 15 min' : null,
    sinceWall: NOW,
    pausedUntilWall: null,
    minLevel: 'INFO',
    match: [],
    waiting: 0,
    delivered: 38,
    retried: 1,
    deadLetters: channel === 'discord' ? 1 : 0,
    latency: channel === 'discord' ? null : { p50: 14, p99: 33 },
  })),
  waiting: [],
  totals: { waiting: 0, deadLetters: 1, silences: 1 },
  deadLetters: [
    {
      deliveryId: 'd3',
      alertId: '50b9abf60000',
      channel: 'discord',
      kind: 'raised',
      level: 'CRITICAL',
      title: 'Circuit breaker tripped: all symbols',
      requestedWall: NOW,
      reason: 'broken',
      detail: '404 Unknown Webhook',
      attempts: 1,
    },
  ],
  silences: [
    {
      silenceId: 's1',
      matchers: { condition: 'risk_limit_breach' },
      startsAt: null,
      until: NOW + 600_000,
      reason: 'weekly rebalancing',
      by: 'desk',
    },
  ],
});

export const session = (): SessionView => ({
  canRead: true,
  canChange: true,
  name: 'desk',
  changesPossible: true,
});
