import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Args,
  Bytes,
  DamageReport,
  EventKind,
  EventRow,
  ProjectId,
  ProjectInfo,
  RecentProject,
  SessionRow,
  SnapshotRow,
} from '../../../src-preload/contract/index.ts';
import type { Analysis } from '../analysis/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { ProjectFile } from '../project/index.ts';
import type { Recordings } from '../recording/recordings.ts';
import type { SnapshotImports } from '../snapshots/index.ts';
import type { LongCall, Projects } from '../workspace/projects.ts';
import type { Recents } from '../workspace/recents.ts';

interface Parts {
  projects: Projects;
  recents: Recents;
  recordings: Recordings;
  imports: SnapshotImports;
  analysis: Analysis;
}

/** Project files: create, open, save elsewhere, close. */
export class ProjectsFace {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A new untitled project in the data folder. */
  create(): ProjectInfo {
    return this.#parts.projects.create();
  }

  createAt(path: string): ProjectInfo {
    return this.#parts.projects.createAt(path);
  }

  async open({ path }: Args<'projects.open'>): Promise<ProjectInfo> {
    return await this.#parts.projects.open(path);
  }

  list(): ProjectInfo[] {
    return this.#parts.projects.list();
  }

  async saveAs({ project, path, overwrite }: Args<'projects.saveAs'>, call: LongCall): Promise<ProjectInfo> {
    return await this.#parts.projects.saveAs(project, path, overwrite, call);
  }

  /** Throws `project.recording` while it records, `project.importing` while snapshots that shall be kept are read into it. */
  async close({ project, discard = false }: Args<'projects.close'>): Promise<void> {
    const { projects, recordings, imports } = this.#parts;
    const { path } = projects.info(project);
    if (recordings.isRecording(project)) throw new HeapscopeError('project.recording', { path });
    const count = imports.count(project);
    if (count > 0 && !discard) throw new HeapscopeError('project.importing', { path, count });
    await this.#release(project);
    projects.close(project);
  }

  recents(): RecentProject[] {
    return this.#parts.recents.projects();
  }

  forget({ path }: Args<'projects.forget'>): void {
    this.#parts.recents.forgetProject(path);
  }

  /** The open file itself, for benchmarks and tests: they write data without running a program. */
  file(project: ProjectId): ProjectFile {
    return this.#parts.projects.file(project);
  }

  /** Imports are cancelled, and all its heaps are dropped from memory. */
  async #release(project: ProjectId): Promise<void> {
    const { projects, imports, analysis } = this.#parts;
    if (imports.count(project) > 0) await imports.abort(project);
    const { snapshots } = projects.file(project);
    const ready = snapshots.list(null).filter(({ state }) => state === 'ready');
    analysis.forget(ready.map(({ id }) => snapshots.stored(id).key));
  }
}

const CLAIMS: readonly EventKind[] = ['agent-unidentified', 'agent-unrelated'];
/** There may be thousands of them, which are not worth more lines. */
const MOST_CLAIMS = 100;

/** A summary of a project file's content. */
export interface ProjectContent {
  path: string;
  size: Bytes;
  formatVersion: number;
  /** Another process has it open to write: it records, reads snapshots in, or is a window. */
  inUse: boolean;
  /** null: nothing was found damaged. */
  damage: DamageReport | null;
  sessions: SessionRow[];
  snapshots: SnapshotRow[];
  /** Agents that could not be identified, or whose descent could not be shown. */
  claims: EventRow[];
}

/** Only the copy of a damaged file is written. */
function openOrSalvage(path: string, log: Log, salvageInto: string): ProjectFile {
  try {
    return ProjectFile.openToRead(path, { log });
  } catch (thrown) {
    if (!(thrown instanceof HeapscopeError && thrown.code === 'project.damaged')) throw thrown;
    return ProjectFile.open(path, { log, untitledIn: salvageInto });
  }
}

/** Read without an engine, so that reading a file neither starts anything, nor updates its last use, nor changes a byte of it. */
export function readProject(path: string, log: Log): ProjectContent {
  using opened = openFileToRead(path, log);
  const { file } = opened;
  const claims = file.events.ofKinds(CLAIMS, MOST_CLAIMS);
  const [sessions, snapshots] = [file.sessions.list(), file.snapshots.list(null)];
  // Last: rows that make no sense are counted as they are read.
  const { size, formatVersion, damage, readOnlyReason } = file.facts();
  return { path, size, formatVersion, inUse: readOnlyReason === 'in-use', damage, sessions, snapshots, claims };
}

/** A file that is only read, or what can be read of it, until it is disposed. */
export function openFileToRead(path: string, log: Log): Disposable & { file: ProjectFile } {
  const salvageInto = mkdtempSync(join(tmpdir(), 'heapscope-info-'));
  const remove = (): void => rmSync(salvageInto, { recursive: true, force: true });
  try {
    const file = openOrSalvage(path, log, salvageInto);
    return {
      file,
      [Symbol.dispose]: () => {
        file.close();
        remove();
      },
    };
  } catch (thrown) {
    remove();
    throw thrown;
  }
}
