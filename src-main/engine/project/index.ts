/** The face of this room. */
export type { AllocationStore, SiteTree, StoredTrack } from './allocation-store.ts';
export type { AllocationTrack } from './allocation-track.ts';
export { sumsOf } from './allocation-sums.ts';
export type { AllocationEpoch, EpochRows, PartSums } from './allocation-types.ts';
export { checkElsewhere } from './check-elsewhere.ts';
export { hasProjectHeader } from './header.ts';
export { ProjectFile } from './project-file.ts';
export { SessionWriter } from './writer.ts';
export type { SnapshotType } from './snapshot-types.ts';
export { methodChoiceSchema, optionsSchema, rulesSchema } from './snapshot-plan.ts';
export { comparisonSchema } from './run-comparisons.ts';
export type { SnapshotStore } from './snapshot-store.ts';
