/** The face of this room. */
export { ProjectFile, type NewSession } from './project-file.ts';
export { SessionWriter } from './writer.ts';
export type { SnapshotType } from './snapshot-types.ts';
export { captureMethodSchema, optionsSchema, rulesSchema } from './snapshot-plan.ts';
export { comparisonSchema } from './run-comparisons.ts';
export type { ColumnPiece, ImportedSnapshot, SnapshotStore, StoredSnapshot } from './snapshot-store.ts';
