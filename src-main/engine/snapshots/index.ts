/** The face of this room. */
export { failureFacts } from './capture.ts';
export { untilWhole } from './left-dumps.ts';
export { DumpFolder } from './dump-folder.ts';
export { SessionSnapshots } from './session-snapshots.ts';
export { SnapshotImports } from './snapshot-imports.ts';
