import type { ProjectId } from '../../../src-preload/contract/index.ts';
import type { SessionLink } from '../agent-link/agent-server.ts';
import type { Log } from '../base/log.ts';
import type { SessionWriter } from '../project/index.ts';
import type { OutOfMemoryWatch, Target, TreeSampler } from '../targets/index.ts';
import type { PartFactory } from './session-part.ts';

/** What a recording needs of the session in its file. */
export type RecordingWriter = Pick<
  SessionWriter,
  | 'id'
  | 'addProcess'
  | 'updateProcess'
  | 'addSeries'
  | 'append'
  | 'addEvent'
  | 'appendConsole'
  | 'resizeConsole'
  | 'identify'
  | 'touch'
  | 'flush'
  | 'finish'
>;

/** What a recording needs of the agents' side. */
type RecordingLink = Pick<SessionLink, 'welcome' | 'connections' | 'onJoined' | 'onRefused' | 'identify' | 'ownPorts' | 'dispose'>;

/** The objects a recording connects; created by `recordings.ts`, owned by the recording from then on. */
export interface RecordingSetup {
  project: ProjectId;
  writer: RecordingWriter;
  path: string;
  program: string;
  intervalMs: number;
  target: Target;
  sampler: TreeSampler;
  link: RecordingLink;
  outOfMemory: OutOfMemoryWatch;
  /** Engine time at which the program was started. */
  startedAt: number;
  /** In the order in which they are called. */
  parts: readonly PartFactory[];
  log: Log;
}
