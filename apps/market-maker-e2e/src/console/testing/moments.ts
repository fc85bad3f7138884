/** 2026-01-01 03:24:10 UTC, market time. */
export const NOW = Date.UTC(2026, 0, 1, 3, 24, 10);
/** The beginning of what plots show. */
export const FROM = NOW - 12_000_000;
export const mark = (at: number, position: number) => ({ at, position });
