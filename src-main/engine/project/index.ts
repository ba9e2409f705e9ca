/** The face of this room. */
export { ProjectFile, type NewSession } from './project-file.ts';
export { SessionWriter } from './writer.ts';
export type { SnapshotType } from './snapshot-chunks.ts';
export { methodChoiceSchema, optionsSchema, rulesSchema } from './snapshot-plan.ts';
export { comparisonSchema } from './run-comparisons.ts';
export type { ColumnPiece, ImportedSnapshot, SnapshotStore, StoredSnapshot } from './snapshot-store.ts';
