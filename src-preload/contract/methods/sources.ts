import type { NodeId, SnapshotRef, SourceText } from '../heap.ts';

/** The program's own files, as far as tracebacks of a snapshot name them. */
export interface SourceMethods {
  /** The lines of the traceback of one object's allocation, in its order. */
  'sources.lines': { args: SnapshotRef & { node: NodeId }; result: SourceText[] };
}
