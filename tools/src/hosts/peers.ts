import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from './table';

/** The end of a range that an installation has. */
export type Edge = 'lowest' | 'newest';

/** The peers that the packages declare, with the versions that they say to work with. */
export function declaredPeers(repository: string): ReadonlyMap<string, string> {
  const libs = join(repository, 'libs');
  const peers = new Map<string, string>();
  for (const lib of readdirSync(libs)) {
    const manifest = readFileSync(join(libs, lib, 'package.json'), 'utf8');
    const { peerDependencies = {} } = JSON.parse(manifest) as { peerDependencies?: Record<string, string> };
    for (const [name, range] of Object.entries(peerDependencies)) {
      const other = peers.get(name) ?? range;
      if (other !== range)
        throw new Error(`${lib} declares ${name} ${range}, another package ${other}: only one is tried.`);
      peers.set(name, range);
    }
  }
  return peers;
}

/**
 * The version of a peer that an installation has, taken from its range: what is declared is what is tried. A range with an alternative
 * has one for each version of Nest, and both ends of both are tried; the lowest of any other is tried with the older Nest.
 */
export function triedVersion(range: string, nest: Host['nest'], edge: Edge): string {
  const [older = range, newer] = range.split(' || ');
  const alternative = nest === 11 ? older : (newer ?? older);
  const isTriedWithTheOlder = newer === undefined && nest === 12;
  if (edge === 'newest' || isTriedWithTheOlder) return alternative;
  return /\d+\.\d+\.\d+/.exec(alternative)?.[0] ?? alternative;
}
