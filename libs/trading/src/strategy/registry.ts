import { grid } from './grid/grid';
import type { StrategyKind } from './strategy';

/** Every strategy by its name. A new one is a folder and a line here. */
export const STRATEGIES = { grid } satisfies Readonly<Record<string, StrategyKind>>;

export type StrategyName = keyof typeof STRATEGIES;

/** The strategy of options that name none. */
export const DEFAULT_STRATEGY = 'grid' satisfies StrategyName;
