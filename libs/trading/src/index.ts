export type { TradingLogger } from './event-publisher';
export * from './market/market-event';
export type { MarketSpeed } from './market/pacer';
export type { MalformedLine } from './market/recording/recording-file';
export { type MarketMaker, type MarketMakerPorts, type RunSummary, createMarketMaker } from './market-maker';
export {
  DEFAULTS,
  type ExchangeOptions,
  type GridOptions,
  type MarketMakerOptions,
  type RecordingOptions,
  type RiskOptions,
  type SymbolOptions,
} from './options';
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
export { resumeFrom } from './resume/resume-from';
export { type ResumeState, resumeOf, resumeProjection } from './resume/resume.projection';
export type { OpenBreaker } from './risk-monitor/circuit-breaker';
export type { BreachedLimit } from './risk-monitor/soft-limits';
export { TradingError, type TradingErrorCode } from './trading-error';
