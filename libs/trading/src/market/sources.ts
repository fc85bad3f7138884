import type { SourceKind } from './market-source';
import { recording } from './recording/recording-source';
import { simulated } from './simulated/simulated-source';

/** Every source of prices by its name. A new one is a folder and a line here. */
export const SOURCES = { simulated, recording } satisfies Readonly<Record<string, SourceKind>>;

export type SourceName = keyof typeof SOURCES;

/** The source of options that name none. */
export const DEFAULT_SOURCE = 'simulated' satisfies SourceName;
