export type { TradingLogger } from './event-publisher';
export * from './market/market-event';
export { failureWithin } from './market/failure-within';
export type { MarketSpeed } from './market/pacer';
export type { MalformedLine } from './market/market-source';
export { createMarketMaker } from './market-maker';
export type { MarketMakerOptions } from './options';
export type { MarketMaker, MarketMakerPorts, RunSummary } from './ports';
export {
  FLAT,
  type Position,
  type PositionChange,
  type PositionFill,
  applyFill,
  unrealizedPnl,
} from './position-manager/position';
export type { HeldPosition } from './position-manager/position-manager';
export { ExchangeError, type ExchangeErrorCode } from './remote-exchange/exchange-error';
export * from './remote-exchange/exchange-port';
export type { LeftOrder, LostStream, PanickedStrategy, Resume } from './resume/resume';
export { type ResumeState, resumeFrom, resumeOf, resumeProjection } from './resume/resume.projection';
export type { BreakerReset, OpenBreaker } from './risk-monitor/circuit-breaker';
export type { BreachedLimit } from './risk-monitor/soft-limits';
export { TradingError, type TradingErrorCode } from './trading-error';
