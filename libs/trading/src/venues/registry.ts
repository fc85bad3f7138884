import { paper } from './paper/paper-exchange';
import type { VenueKind } from './venue';

/** Every venue by its name. A new one is a folder and a line here. */
export const VENUES = { paper } satisfies Readonly<Record<string, VenueKind>>;

export type VenueName = keyof typeof VENUES;

/** The venue of options that name none. */
export const DEFAULT_VENUE = 'paper' satisfies VenueName;
