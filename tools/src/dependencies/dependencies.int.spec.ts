import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAudit } from './advisories';
import { type Lockfile, refusedPackages, shippedPackages } from './licences';

const REPOSITORY = join(__dirname, '../../..');

describe('what is shipped', () => {
  const lockfile = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as Lockfile;

  it('has licences that are allowed', () => {
    const shipped = shippedPackages(lockfile, REPOSITORY);
    expect(shipped.map(({ path }) => path)).toContain('node_modules/prom-client');
    expect(shipped.map(({ path }) => path)).not.toContain('node_modules/jest');
    expect(refusedPackages(shipped)).toEqual([]);
  });

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND GPL-3.0', false],
    ['AGPL-3.0', false],
    ['none stated', false],
  ])('with the licence %s is allowed: %s', (licence, isAllowed) => {
    expect(refusedPackages([{ path: 'node_modules/x', licence }])).toHaveLength(isAllowed ? 0 : 1);
  });
});

describe('the advisories of npm audit', () => {
  it('are serious from high on', () => {
    const vulnerabilities = {
      a: { severity: 'critical' },
      b: { severity: 'high' },
      c: { severity: 'moderate' },
    };
    expect(readAudit(JSON.stringify({ vulnerabilities }))).toEqual({
      kind: 'known',
      serious: ['a (critical)', 'b (high)'],
      others: ['c (moderate)'],
    });
  });

  it.each([
    ['405 Method Not Allowed', '{"message":"405 Method Not Allowed","error":{"summary":""}}'],
    ['request failed', '{"error":{"summary":"request failed"}}'],
    ['npm audit gave no report', ''],
  ])('are not known when the registry does not answer: %s', (reason, output) => {
    expect(readAudit(output)).toEqual({ kind: 'unreachable', reason });
  });
});
