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

/** A quiet market, a fall by a tenth within half a minute, and a quiet market again; a trade each second. */
export function recordingOfAFall(seconds: number): string {
  const lines = Array.from({ length: seconds }, (_, second) => {
    const fallen = Math.min(1, Math.max(0, (second - 120) / 30));
    const price = 100 * (1 - 0.1 * fallen) * (1 + 0.004 * Math.sin(second / 20));
    return `${1_710_374_400_000 + second * 1_000},${price.toFixed(2)},50`;
  });
  return `timestamp_ms,price,quantity\n${lines.join('\n')}\n`;
}
