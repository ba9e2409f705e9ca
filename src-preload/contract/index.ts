/** THE contract between engine and window: types, the catalogue of metrics, and the filter language. It imports nothing from outside. */
export * from './app.ts';
export * from './bridge.ts';
export * from './channels.ts';
export * from './console.ts';
export * from './errors.ts';
export * from './events.ts';
export * from './filter.ts';
export * from './heap.ts';
export * from './heap-methods.ts';
export * from './launch.ts';
export * from './methods.ts';
export * from './project.ts';
export * from './runs.ts';
export * from './snapshots.ts';
export * from './timeline.ts';
export * from './units.ts';
export * from './visible.ts';
