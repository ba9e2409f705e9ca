import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyEvent, Milliseconds } from '../../src-preload/contract/index.ts';
import { createAnalysis, type Analysis } from './analysis/index.ts';
import { Emitter } from './base/emitter.ts';
import type { Log } from './base/log.ts';
import { AllocationsFace } from './faces/allocations.ts';
import { AppFace } from './faces/app.ts';
import { BookmarksFace } from './faces/bookmarks.ts';
import { ConsoleFace } from './faces/console.ts';
import { HeapFace } from './faces/heap.ts';
import { LaunchFace } from './faces/launch.ts';
import { ProjectsFace } from './faces/projects.ts';
import { RecordingFace } from './faces/recording.ts';
import { RunsFace } from './faces/runs.ts';
import { SessionsFace } from './faces/sessions.ts';
import { SnapshotsFace } from './faces/snapshots.ts';
import { SourcesFace } from './faces/sources.ts';
import { TimelineFace } from './faces/timeline.ts';
import { Recordings } from './recording/recordings.ts';
import { DumpFolder, SnapshotImports } from './snapshots/index.ts';
import { ConfirmedLaunches } from './workspace/confirmed-launches.ts';
import { DroppedFiles } from './workspace/dropped.ts';
import { Projects } from './workspace/projects.ts';
import { Recents } from './workspace/recents.ts';
import { SettingsKeeper } from './workspace/settings.ts';
import { SnapshotDefaults } from './workspace/snapshot-defaults.ts';

/** Time for a snapshot that was just taken when the app quits: smaller heaps are imported by then. */
const IMPORT_PATIENCE: Milliseconds = 3_000;

export interface EngineOptions {
  /** Where settings, recents and untitled projects are kept. */
  dataFolder: string;
  /** The folder of the Python agent, readable by Python (not inside an archive). */
  agentFolder: string;
  samplesFolder: string;
  log: Log;
  /** Bytes that the import of a heap may take, if that is less than the free memory. */
  importMemory?: number;
}

/** What the faces need, created once. */
interface Parts {
  home: string;
  samplesFolder: string;
  events: Emitter<AnyEvent>;
  settings: SettingsKeeper;
  recents: Recents;
  confirmed: ConfirmedLaunches;
  dropped: DroppedFiles;
  projects: Projects;
  recordings: Recordings;
  defaults: SnapshotDefaults;
  dumps: DumpFolder;
  analysis: Analysis;
  imports: SnapshotImports;
  log: Log;
}

/** Everything behind the contract, a face for each of its nouns; plain Node, without window or transport. One per process. */
export class Engine {
  readonly events: Emitter<AnyEvent>;
  readonly app: AppFace;
  readonly launch: LaunchFace;
  readonly projects: ProjectsFace;
  readonly sessions: SessionsFace;
  readonly timeline: TimelineFace;
  readonly allocations: AllocationsFace;
  readonly console: ConsoleFace;
  readonly recording: RecordingFace;
  readonly snapshots: SnapshotsFace;
  readonly bookmarks: BookmarksFace;
  readonly heap: HeapFace;
  readonly sources: SourcesFace;
  readonly runs: RunsFace;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.events = parts.events;
    this.app = new AppFace(parts);
    this.launch = new LaunchFace(parts);
    this.projects = new ProjectsFace(parts);
    this.sessions = new SessionsFace(parts);
    this.timeline = new TimelineFace(parts.projects);
    this.allocations = new AllocationsFace(parts.projects);
    this.console = new ConsoleFace(parts);
    this.recording = new RecordingFace(parts);
    this.snapshots = new SnapshotsFace(parts);
    this.bookmarks = new BookmarksFace(parts.projects);
    this.heap = new HeapFace(parts);
    this.sources = new SourcesFace(parts);
    this.runs = new RunsFace(parts.projects, parts.log);
  }

  /** Ends recordings, gives imports a moment and then cancels them, closes files. Programs go on unless `killPrograms`. */
  async dispose(killPrograms = true): Promise<void> {
    const { recordings, imports, analysis, projects, dumps } = this.#parts;
    await recordings.dispose(killPrograms);
    await Promise.race([imports.settled(null), sleep(IMPORT_PATIENCE, undefined, { ref: false })]);
    await imports.abort(null);
    await analysis.dispose();
    projects.closeAll();
    dumps.dispose();
  }
}

/** See `Engine`. */
export async function createEngine({ dataFolder, agentFolder, samplesFolder, log, importMemory }: EngineOptions): Promise<Engine> {
  const home = homedir();
  const events = new Emitter<AnyEvent>((thrown) => log.warn('telling a window', thrown));
  const dumps = new DumpFolder(dataFolder, log);
  const analysis = createAnalysis({ log, importMemory, files: { folder: join(dataFolder, 'heaps') } });
  const imports = new SnapshotImports(analysis, log);
  const recordings = await Recordings.create({ agentFolder, home, events, dumps, imports, log });
  const settings = new SettingsKeeper(dataFolder, log);
  const recents = new Recents(dataFolder, log);
  const confirmed = new ConfirmedLaunches(dataFolder, log, recents.launches());
  const dropped = new DroppedFiles(dataFolder, recents, log);
  dropped.empty();
  const projects = new Projects(dataFolder, recents, dropped, log);
  const defaults = new SnapshotDefaults(dataFolder, log);
  settings.onChange.on((payload) => events.emit({ event: 'settings.changed', payload }));
  tellOfProjects(projects, events);
  const making = { dumps, analysis, imports, recordings, defaults };
  return new Engine({ ...making, home, samplesFolder, events, settings, recents, confirmed, dropped, projects, log });
}

function tellOfProjects(projects: Projects, events: Emitter<AnyEvent>): void {
  projects.onChange.on((payload) => events.emit({ event: 'project.changed', payload }));
  projects.onSessions.on((project) => events.emit({ event: 'sessions.changed', payload: { project } }));
  projects.onSession.on(({ project, session }) => {
    events.emit({ event: 'session.changed', payload: { project, row: projects.file(project).sessions.get(session) } });
  });
}
