/** The face of this room. */
export type { CaptureProcess } from './capture.ts';
export type { SnapshotParts } from './capture-book.ts';
export { untilWhole } from './left-dumps.ts';
export { DumpFolder } from './dump-folder.ts';
export { SessionSnapshots } from './session-snapshots.ts';
export { SnapshotImports } from './snapshot-imports.ts';
