import { join } from 'node:path';
import { type MarketMakerProcess, Workplace } from './market-maker-process';
import { SmallVolume } from './small-volume';

/** A counter that rises while the market maker trades. */
export const FILLS = 'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}';

/** A market maker that trades, with its log on a small volume that can be filled up. */
export class FullDiskRun {
  readonly workplace = new Workplace();
  readonly log: string;

  private constructor(readonly disk: SmallVolume) {
    this.log = join(disk.folder, 'events.db');
  }

  static make(): FullDiskRun {
    return new FullDiskRun(new SmallVolume(24));
  }

  /** Starts it, and fills the disk once it has traded. */
  async start(): Promise<MarketMakerProcess> {
    const marketMaker = await this.workplace.start({
      exchange: { speed: 1_200 },
      event_log: { path: this.log },
    });
    await marketMaker.answering();
    await marketMaker.above(FILLS);
    this.disk.fill();
    await marketMaker.printed('The event log cannot be written');
    expect((await marketMaker.get('/health/ready')).status).toBe(503);
    expect((await marketMaker.get('/health/live')).status).toBe(200);
    return marketMaker;
  }

  async clear(): Promise<void> {
    await this.workplace.clear();
    this.disk.unmount();
  }
}
