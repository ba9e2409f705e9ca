import type { AnyEvent, ProjectId, SessionId, SnapshotPlan } from '../../../src-preload/contract/index.ts';
import { AllocationRecorder } from '../allocations/index.ts';
import type { Emitter } from '../base/emitter.ts';
import type { Log } from '../base/log.ts';
import type { ProjectFile } from '../project/index.ts';
import { SessionSnapshots, type DumpFolder, type SnapshotImports } from '../snapshots/index.ts';
import { AgentRecorder } from './agent-recorder.ts';
import type { PartFactory } from './session-part.ts';

/** What the parts of one session are created with. */
interface PartsSetup {
  project: ProjectId;
  session: SessionId;
  file: ProjectFile;
  snapshots: SnapshotPlan;
  /** Where agents write dumps; null: nowhere. */
  folder: string | null;
  dumps: DumpFolder;
  imports: SnapshotImports;
  events: Emitter<AnyEvent>;
  log: Log;
}

/** The parts of a session, in the order in which they are called: a new part is one line here. */
export function sessionParts({ file, snapshots: plan, ...o }: PartsSetup): PartFactory[] {
  return [
    (host) => new AgentRecorder(host, { osFromAgent: process.platform !== 'linux' }),
    (host) =>
      new AllocationRecorder(host, {
        store: file.allocations,
        tell: () => o.events.emit({ event: 'allocations', payload: { project: o.project, session: o.session } }),
      }),
    (host) => new SessionSnapshots({ ...o, store: file.snapshots, plan }, host),
  ];
}
