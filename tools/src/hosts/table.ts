import { pairwise, type RowOf } from './pairwise';

/** The places that the packages are installed in: the version of Nest, and the package manager. */
const INSTALLATIONS = { nest: [11, 12], manager: ['npm', 'pnpm'] } as const;
const ADAPTERS = { adapter: ['express', 'fastify'] } as const;

/** The features that applications have of their own, the plainest first. */
const FEATURES = {
  /** The global prefix `api`; for our routes too where they ask for it. */
  prefix: ['none', 'own', 'asked'],
  /** Versions in the path, with a default. */
  versioning: [false, true],
  /** A global guard that wants a key; also on our routes where they name it. */
  guard: ['none', 'global', 'named'],
  /** A global interceptor that wraps every answer. */
  envelope: [false, true],
  /** A global filter for every error. */
  filter: [false, true],
  /** Process metrics of its own, by prom-client or by nestjs-prometheus. */
  metrics: ['none', 'collected', 'module'],
  registry: ['global', 'own'],
  /** A check with terminus that asks ours. */
  terminus: [false, true],
  /** A global MeterProvider, made before or after the application. */
  openTelemetry: ['none', 'before', 'after'],
  /** The place of the nested module with the wildcard emitter. */
  emitter: ['before', 'after'],
  /** `/health` is ours, the application's with none of ours, or with ours elsewhere. */
  health: ['ours', 'own', 'moved'],
  /** The parts that are loaded when configured: a log in PostgreSQL, e-mail, an export by OTLP; and the configuration as a service. */
  configured: [false, true],
  applications: ['one', 'again', 'two'],
} as const;

const FACTORS = { ...INSTALLATIONS, ...ADAPTERS, ...FEATURES } as const;

/** An application that has the packages. */
export type Host = RowOf<typeof FACTORS>;

const PLAIN = Object.fromEntries(
  Object.entries(FEATURES).map(([name, [first]]) => [name, first]),
) as unknown as Omit<Host, 'nest' | 'manager' | 'adapter'>;

/** An application with each pair of features, versions, adapters and package managers. */
export function eachPair(): readonly Host[] {
  return [...withEveryPeer(), ...pairwise(FACTORS)];
}

/** On each version with each adapter: every feature by itself, and every pair of features. */
export function everyHost(): readonly Host[] {
  const hosts = INSTALLATIONS.nest.flatMap((nest) => ADAPTERS.adapter.map((adapter) => ({ nest, adapter })));
  const single = Object.entries(FEATURES).flatMap(([name, [, ...others]]) =>
    others.map((value) => ({ ...PLAIN, manager: 'npm', [name]: value }) as Omit<Host, 'nest' | 'adapter'>),
  );
  const pairs = pairwise({ manager: INSTALLATIONS.manager, ...FEATURES });
  return [
    ...withEveryPeer(),
    ...hosts.flatMap((host) => [...single, ...pairs].map((row) => ({ ...row, ...host }))),
  ];
}

/** In each installation, whose peers are the lowest or the newest, an application that uses all of them. */
function withEveryPeer(): readonly Host[] {
  return pairwise(INSTALLATIONS).map((place) => ({
    ...PLAIN,
    ...place,
    ...({ adapter: 'express', terminus: true, configured: true } as const),
  }));
}

/** The host in a line, without what is plain. */
export function describeHost({ nest, adapter, manager, ...features }: Host): string {
  const own = Object.entries(features)
    .filter(([name, value]) => value !== FEATURES[name as keyof typeof FEATURES][0])
    .map(([name, value]) => (value === true ? name : `${name}: ${String(value)}`));
  return [`Nest ${nest}`, adapter, manager, ...own].join(', ');
}
