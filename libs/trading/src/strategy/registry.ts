import { grid } from './grid/grid';
import type { StrategyKind } from './strategy';

/** Every strategy by its name. A new one is a folder and a line here. */
export const STRATEGIES = { grid } satisfies Readonly<Record<string, StrategyKind>>;

export type StrategyName = keyof typeof STRATEGIES;

/** The strategy of options that name none. */
export const DEFAULT_STRATEGY = 'grid' satisfies StrategyName;

/** The options of one of the strategies, discriminated by `name`; only the default one's may leave it out. */
export type StrategyOptions = {
  [Name in StrategyName]: Partial<(typeof STRATEGIES)[Name]['defaults']> &
    (Name extends typeof DEFAULT_STRATEGY ? unknown : { name: Name });
}[StrategyName];
