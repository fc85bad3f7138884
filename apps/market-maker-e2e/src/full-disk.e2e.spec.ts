import { FullDiskRun } from './testing/full-disk-run';
import { SmallVolume } from './testing/small-volume';

const withRoot = SmallVolume.permitted ? describe : describe.skip;

withRoot('a full disk', () => {
  let run: FullDiskRun;
  beforeAll(() => {
    run = FullDiskRun.make();
  });
  afterAll(() => run.clear());

  it('is reported at once, and does not keep the process from ending, which says what is lost', async () => {
    const marketMaker = await run.start();
    expect(await marketMaker.end('SIGTERM')).toEqual({ code: 1, signal: null });
    expect(marketMaker.output).toMatch(/was closed with \d+ events that are lost/);
  });
});
