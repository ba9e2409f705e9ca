import type { ProjectId } from '../../../src-preload/contract/index.ts';
import type { SessionLink } from '../agent-link/agent-server.ts';
import type { Log } from '../base/log.ts';
import type { SessionWriter } from '../project/index.ts';
import type { SnapshotParts } from '../snapshots/index.ts';
import type { OutOfMemoryWatch, Target, TreeSampler } from '../targets/index.ts';

/** What a recording joins together; made by `recordings.ts`, owned by the recording from then on. */
export interface RecordingParts {
  project: ProjectId;
  writer: SessionWriter;
  path: string;
  program: string;
  intervalMs: number;
  target: Target;
  sampler: TreeSampler;
  link: SessionLink;
  outOfMemory: OutOfMemoryWatch;
  /** Engine time at which the program was started. */
  startedAt: number;
  /** The operating system's figures come from the agents. */
  osFromAgent: boolean;
  snapshots: SnapshotParts;
  log: Log;
}
