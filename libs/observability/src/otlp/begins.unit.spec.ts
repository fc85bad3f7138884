import { METRIC_CATALOGUE } from '../metrics/catalogue/metric-catalogue';
import { beginOf } from './begins';

const begins = { log: 1, live: 2, process: 3 };

it('Every counter begins with what it counts: the log, live events or the process', () => {
  const counted = METRIC_CATALOGUE.filter(({ type }) => type !== 'gauge');
  const by = (begin: number) =>
    counted.filter((metric) => beginOf(metric, begins) === begin).map(({ name }) => name);
  expect(by(begins.live)).toEqual(['market_maker_exchange_calls_total', 'market_maker_latency_exchange_ms']);
  expect(by(begins.process)).toEqual([
    'market_maker_alerting_failures_total',
    'market_maker_heartbeats_total',
    'market_maker_event_log_refused_total',
    'market_maker_event_log_writer_restarts_total',
    'market_maker_events_rejected_total',
  ]);
  expect(by(begins.log)).toHaveLength(counted.length - 7);
});
