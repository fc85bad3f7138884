/**
 * Every metric of ours by name: `@InjectMetric(…)` takes it and `/metrics` shows it. An injected metric is a view of what the
 * events say: read it with `get()`. `inc()`, `set()`, `observe()` and the like have no effect on it; the first such call logs a
 * warning.
 *
 * @example
 * constructor(@InjectMetric(METRIC.orders.filled) private readonly filled: Counter) {}
 */
export const METRIC = {
  pnl: {
    realizedProfit: 'market_maker_pnl_realized_total',
    realizedLoss: 'market_maker_pnl_realized_loss_total',
    realizedNet: 'market_maker_pnl_realized',
    unrealized: 'market_maker_pnl_unrealized',
  },
  orders: {
    active: 'market_maker_orders_active',
    placed: 'market_maker_orders_placed_total',
    filled: 'market_maker_orders_filled_total',
    rejected: 'market_maker_orders_rejected_total',
    canceled: 'market_maker_orders_canceled_total',
    timeToFill: 'market_maker_order_time_to_fill_seconds',
  },
  volume: 'market_maker_volume_total',
  volumeQuote: 'market_maker_volume_quote_total',
  fees: {
    paid: 'market_maker_fees_total',
    rebates: 'market_maker_fee_rebates_total',
  },
  price: {
    mark: 'market_maker_mark_price',
    entry: 'market_maker_entry_price',
  },
  inventoryValue: 'market_maker_inventory_value',
  quoting: {
    spread: 'market_maker_quoted_spread',
    time: 'market_maker_quoting_seconds_total',
  },
  positionSize: 'market_maker_position_size',
  latency: {
    exchange: 'market_maker_latency_exchange_ms',
    tickToTrade: 'market_maker_latency_tick_to_trade_ms',
  },
  risk: {
    breakerOpen: 'market_maker_circuit_breaker_open',
    limitBreached: 'market_maker_risk_limit_breached',
    limitValue: 'market_maker_risk_limit_value',
    limitThreshold: 'market_maker_risk_limit_threshold',
    drawdown: 'market_maker_drawdown',
  },
  exchangeCalls: 'market_maker_exchange_calls_total',
  exchangeConnected: 'market_maker_exchange_connected',
  strategyPanics: 'market_maker_strategy_panics_total',
  alerts: {
    raised: 'market_maker_alerts_raised_total',
    open: 'market_maker_alerts_open',
    deliveries: 'market_maker_alert_deliveries_total',
    pending: 'market_maker_alert_deliveries_pending',
    deadLetters: 'market_maker_alert_dead_letters',
    deliveryLatency: 'market_maker_alert_delivery_latency_ms',
    sender: 'market_maker_alerts_sender',
    failures: 'market_maker_alerting_failures_total',
  },
  eventLog: {
    position: 'market_maker_event_log_position',
    lag: 'market_maker_event_log_lag_ms',
    append: 'market_maker_event_log_append_ms',
    queueDepth: 'market_maker_event_log_queue_depth',
    queueCapacity: 'market_maker_event_log_queue_capacity',
    refused: 'market_maker_event_log_refused_total',
    writerRestarts: 'market_maker_event_log_writer_restarts_total',
    walBytes: 'market_maker_event_log_wal_bytes',
    freeBytes: 'market_maker_event_log_free_bytes',
    writable: 'market_maker_event_log_writable',
  },
  heartbeats: 'market_maker_heartbeats_total',
  eventsRejected: 'market_maker_events_rejected_total',
  eventAge: 'market_maker_event_age_seconds',
  buildInfo: 'market_maker_build_info',
} as const;

type Leaves<Tree> = Tree extends string ? Tree : Leaves<Tree[keyof Tree]>;

/** The name of one of our metrics. */
export type MetricName = Leaves<typeof METRIC>;
