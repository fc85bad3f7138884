export * from './alerts';
export * from './delivery';
export * from './overview';
export * from './problem';
export * from './series';
export * from './stream';
export * from './timeline';
export * from './values';
