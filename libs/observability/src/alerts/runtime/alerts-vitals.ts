/** The evidence that alerts are decided and sent. */
export interface AlertsVitals {
  readonly state: 'starting' | 'running' | 'failed';
  /** The last position that was decided on; undefined where another process decides. */
  readonly decided: number | undefined;
  /** Channels whose delivery has failed unforeseen and has not worked since. */
  readonly failingChannels: readonly string[];
  /** Titles of the open alerts that say that trading ended. */
  readonly tradingEnded: readonly string[];
}
