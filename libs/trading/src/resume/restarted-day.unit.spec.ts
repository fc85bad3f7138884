import { type Random, type TradingEvent, seededRandom } from '@opensqt/trading-events';
import type { Trade } from '../market/market-event';
import type { MarketMakerOptions } from '../options';
import { feedOf, ofType, record, trade } from '../testing/recorded-run';
import { resumeFrom } from './resume.projection';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);
const END = START + 24 * HOUR;
const SYMBOL = 'LTCUSDT';
const HOLE = { from: START + 4 * HOUR, to: START + 8 * HOUR };
const FALL = { from: START + 14 * HOUR, to: START + 14 * HOUR + 2 * MINUTE };
const JUMP = { from: START + 20 * HOUR, to: START + 20 * HOUR + 100 * SECOND };

const isWithin = ({ from, to }: typeof FALL, at: number) => at >= from && at < to;

/** The part of the way from `from` to `to` that lies behind. */
const gone = (at: number, { from, to }: typeof FALL) => Math.min(1, Math.max(0, (at - from) / (to - from)));

/** A day of LTC: it falls by 7 %, has no trades for four hours, and jumps up later. */
function day(): readonly Trade[] {
  const random = seededRandom('a day of LTC');
  const trades: Trade[] = [];
  for (let at = START; at < END;) {
    const price = 100 * (1 - 0.07 * gone(at, FALL)) * (1 + 0.06 * gone(at, JUMP));
    const swing = 1 + 0.004 * (random() - 0.5);
    if (!isWithin(HOLE, at)) trades.push(trade(SYMBOL, at, price * swing, '50'));
    const busy = [FALL, JUMP].some(({ from, to }) => isWithin({ from: from - MINUTE, to: to + MINUTE }, at));
    at += Math.round((busy ? SECOND : 30 * SECOND) * (0.5 + random()));
  }
  return trades;
}

const options: MarketMakerOptions = {
  symbols: [{ symbol: SYMBOL, strategy: { atrMultiplier: 0.5 } }],
  risk: { maxDrawdown: '900', maxVolatility: 0.05, volatilityWindow: '2m' },
};
const tape = day();

async function* inOneChunk(events: readonly TradingEvent[]) {
  yield await Promise.resolve(events);
}

/** The log of the day with an end of the process at each of these moments: a kill, or an orderly stop. */
async function logOf(ends: readonly { readonly at: number; readonly isKill: boolean }[]) {
  const log: TradingEvent[] = [];
  for (const { at, isKill } of [...ends, { at: END, isKill: false }]) {
    const resume = await resumeFrom(inOneChunk(log));
    const { events } = await record(
      { ...options, ...(resume && { resume }) },
      { feed: feedOf(tape) },
      ({ occurredAt }, marketMaker) => {
        if (occurredAt >= at) void marketMaker.stop();
      },
    );
    log.push(...events.filter(({ occurredAt }) => !isKill || occurredAt < at));
  }
  return log;
}

/** The breakers and their reasons, of the fall, of the jump, and of the time between. The order within each depends on what is held. */
function tripsIn(log: readonly TradingEvent[]) {
  const trips = ofType(log, 'circuit_breaker.tripped').map(({ occurredAt, data }) => {
    const during = isWithin(FALL, occurredAt) ? 'fall' : isWithin(JUMP, occurredAt) ? 'jump' : 'calm';
    return `${during}: ${data.scope} ${data.reason}`;
  });
  return trips.toSorted();
}

/** Five moments: one before the hole, one in it, one after it, two in the middle of the fall. */
function endsOf(random: Random) {
  const within = (from: number, to: number) => ({
    at: Math.round(from + random() * (to - from)),
    isKill: random() < 0.5,
  });
  const inFall = () => within(FALL.from + 20 * SECOND, FALL.to - 40 * SECOND);
  const fall = [inFall(), inFall()];
  return [
    within(START, HOLE.from),
    within(HOLE.from, HOLE.to),
    within(HOLE.to, FALL.from),
    ...fall.toSorted((a, b) => a.at - b.at),
  ];
}

describe('a day with a fall of 7 % and a hole of four hours', () => {
  let whole: readonly TradingEvent[];

  beforeAll(async () => {
    whole = await logOf([]);
  });

  it('trips the breakers of its fall and of its jump', () => {
    expect(ofType(whole, 'order.filled').length).toBeGreaterThan(50);
    expect(tripsIn(whole)).toEqual([
      `fall: ${SYMBOL} max_volatility`,
      'fall: global max_drawdown',
      `jump: ${SYMBOL} max_volatility`,
      'jump: global max_drawdown',
    ]);
  });

  it.each([1, 2, 3, 4])(
    'trips the same for the same reasons with five restarts at the moments of seed %i',
    async (seed) => {
      const restarted = await logOf(endsOf(seededRandom(`restarts ${seed}`)));
      expect(ofType(restarted, 'symbol.started')).toHaveLength(6);
      expect(tripsIn(restarted)).toEqual(tripsIn(whole));
    },
  );
});
