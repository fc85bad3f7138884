import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences that let anybody use, change and sell, and ask for nothing but their own text. */
const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
]);

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** A lockfile, as far as licences are concerned. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** A package that is shipped, and its licence in SPDX's words. */
export interface ShippedPackage {
  readonly path: string;
  readonly licence: string;
}

/** The packages that users get, and not only developers: from the lockfile, or from the package itself where that says nothing. */
export function shippedPackages({ packages }: Lockfile, folder: string): readonly ShippedPackage[] {
  return Object.entries(packages)
    .filter(([path, { dev, link }]) => path.includes('node_modules/') && dev !== true && link !== true)
    .map(([path, { license }]) => ({ path, licence: license ?? ownLicence(join(folder, path)) }));
}

/** Those whose licence is not among the allowed ones. Of alternatives (`A OR B`) one is enough, of `A AND B` each must be allowed. */
export function refusedPackages(shipped: readonly ShippedPackage[]): readonly ShippedPackage[] {
  return shipped.filter(({ licence }) => !isAllowed(licence));
}

function isAllowed(licence: string): boolean {
  const plain = licence.replace(/^\((.*)\)$/, '$1');
  return plain.split(' OR ').some((option) => option.split(' AND ').every((part) => ALLOWED.has(part)));
}

/** Old packages have a list of licences, with names and addresses. */
function ownLicence(folder: string): string {
  const { license, licenses = [] } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    license?: string;
    licenses?: readonly { type: string }[];
  };
  return license ?? (licenses.map(({ type }) => type).join(' OR ') || 'none stated');
}
