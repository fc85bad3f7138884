import { seededRandom } from '@opensqt/trading-events';

/** A recording made up by a seed: a random walk that a grid trades on. Trades come every second on average. */
export function syntheticRecording(
  seed: string,
  trades: number,
  startPrice: number,
  startAt = 1_710_374_400_000,
): string {
  const random = seededRandom(seed);
  const lines = ['timestamp_ms,price,quantity'];
  let price = startPrice;
  let time = startAt;
  for (let i = 0; i < trades; i++) {
    time += 1 + Math.floor(random() * 2_000);
    price *= 1 + (random() - 0.5) * 0.001;
    const quantity = (0.01 + random() * ((20_000 / startPrice) * random())).toFixed(6);
    lines.push(`${time},${price.toFixed(2)},${quantity}`);
  }
  return `${lines.join('\n')}\n`;
}
