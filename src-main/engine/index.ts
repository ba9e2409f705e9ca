import { homedir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AnyEvent,
  Interpreter,
  LaunchProblem,
  LaunchSpec,
  Milliseconds,
  ProjectInfo,
  Sample,
  SessionId,
} from '../../src-preload/contract/index.ts';
import { createAnalysis, type Analysis } from './analysis/index.ts';
import { Emitter } from './base/emitter.ts';
import { HeapscopeError } from './base/errors.ts';
import type { Log } from './base/log.ts';
import { Recordings, type StartOptions } from './recording/recordings.ts';
import type { Recording } from './recording/recording.ts';
import { Runs } from './runs-face.ts';
import { DumpFolder, SnapshotImports } from './snapshots/index.ts';
import { Snapshots } from './snapshots-face.ts';
import { ConfirmedLaunches } from './workspace/confirmed-launches.ts';
import { DroppedFiles } from './workspace/dropped.ts';
import { Launcher } from './workspace/launcher.ts';
import { Projects } from './workspace/projects.ts';
import { Recents } from './workspace/recents.ts';
import { listSamples } from './workspace/samples.ts';
import { SettingsKeeper } from './workspace/settings.ts';
import { SnapshotDefaults } from './workspace/snapshot-defaults.ts';

/** For a snapshot that was just taken when the app quits: smaller heaps are read by then. */
const IMPORT_PATIENCE: Milliseconds = 3_000;

export interface EngineOptions {
  /** Where settings, recents and untitled projects are kept. */
  dataFolder: string;
  /** The folder of the Python agent, readable by Python (not inside an archive). */
  agentFolder: string;
  samplesFolder: string;
  log: Log;
  /** Bytes that the import of a heap may take, where that is less than what is free. */
  importMemory?: number;
}

/** What snapshots are made with. */
interface Making {
  dumps: DumpFolder;
  analysis: Analysis;
  imports: SnapshotImports;
}

/** Everything behind the contract; plain Node, no window and no transport. One per process. */
export class Engine {
  readonly home = homedir();
  readonly events: Emitter<AnyEvent>;
  readonly settings: SettingsKeeper;
  readonly recents: Recents;
  readonly launcher: Launcher;
  readonly dropped: DroppedFiles;
  readonly projects: Projects;
  readonly recordings: Recordings;
  readonly snapshots: Snapshots;
  readonly runs: Runs;
  readonly dataFolder: string;
  readonly #confirmed: ConfirmedLaunches;
  readonly #samplesFolder: string;
  readonly #making: Making;
  readonly #snapshotDefaults: SnapshotDefaults;

  private constructor(o: EngineOptions, events: Emitter<AnyEvent>, recordings: Recordings, making: Making) {
    this.#making = making;
    this.dataFolder = o.dataFolder;
    this.#samplesFolder = o.samplesFolder;
    this.events = events;
    this.recordings = recordings;
    this.settings = new SettingsKeeper(o.dataFolder, o.log);
    this.launcher = new Launcher(this.home);
    this.recents = new Recents(o.dataFolder, o.log);
    this.#confirmed = new ConfirmedLaunches(o.dataFolder, o.log, this.recents.launches());
    this.dropped = new DroppedFiles(o.dataFolder, this.recents, o.log);
    this.dropped.empty();
    this.projects = new Projects(o.dataFolder, this.recents, this.dropped, o.log);
    this.#snapshotDefaults = new SnapshotDefaults(o.dataFolder, o.log);
    const { projects } = this;
    this.snapshots = new Snapshots({ ...making, projects, recordings, defaults: this.#snapshotDefaults, events, log: o.log });
    this.runs = new Runs(projects, o.log);
    this.settings.onChange.on((payload) => events.emit({ event: 'settings.changed', payload }));
    this.projects.onChange.on((payload) => events.emit({ event: 'project.changed', payload }));
    this.projects.onSessions.on((project) => events.emit({ event: 'sessions.changed', payload: { project } }));
    this.projects.onSession.on(({ project, session }) => {
      events.emit({ event: 'session.changed', payload: { project, row: this.projects.file(project).session(session) } });
    });
  }

  static async create(o: EngineOptions): Promise<Engine> {
    const events = new Emitter<AnyEvent>((thrown) => o.log.warn('telling a window', thrown));
    const dumps = new DumpFolder(o.dataFolder, o.log);
    const analysis = createAnalysis({ log: o.log, importMemory: o.importMemory });
    const imports = new SnapshotImports(analysis, o.log);
    const recordings = await Recordings.create({ agentFolder: o.agentFolder, home: homedir(), events, dumps, imports, log: o.log });
    return new Engine(o, events, recordings, { dumps, analysis, imports });
  }

  samples(): Sample[] {
    return listSamples(this.#samplesFolder);
  }

  /** The environments of a folder that neither the user has named nor anything was started in here are not asked who they are. */
  listInterpreters(cwd: string, o: { refresh: boolean; confirmed: boolean }, signal: AbortSignal): Promise<Interpreter[]> {
    const isOwn = o.confirmed || this.recents.launches().some(({ spec }) => spec.cwd === cwd);
    return this.launcher.interpreters(isOwn ? cwd : this.home, o.refresh, signal);
  }

  /** Faults of a specification. Throws `launch.unconfirmed`. */
  checkLaunch(spec: LaunchSpec, confirmed: boolean, signal: AbortSignal): Promise<LaunchProblem[]> {
    if (!confirmed) this.#confirmed.mustHave(spec);
    return this.launcher.checkLaunch(spec, signal);
  }

  /**
   * Into the given open project, or into a new untitled one, which does not stay when the start fails. Snapshots are taken as
   * last told, where nothing is said. Throws `launch.unconfirmed` before anything of it is looked at.
   */
  async record(
    spec: LaunchSpec,
    o: { project: string | null; confirmed: boolean } & Pick<StartOptions, 'columns' | 'rows' | 'starter'> &
      Partial<Pick<StartOptions, 'snapshots'>>,
  ): Promise<{ project: ProjectInfo; recording: Recording }> {
    if (!o.confirmed) this.#confirmed.mustHave(spec);
    const project = o.project === null ? this.projects.create() : this.projects.info(o.project);
    try {
      const file = this.projects.writable(project.id);
      const snapshots = o.snapshots ?? this.#snapshotDefaults.get();
      const { consoleLimit } = this.settings.get();
      const recording = await this.recordings.start(spec, { ...o, project, file, consoleLimit, snapshots });
      this.#confirmed.add(spec);
      this.recents.launched(spec);
      return { project: this.projects.info(project.id), recording };
    } catch (thrown) {
      if (o.project === null) this.projects.close(project.id);
      throw thrown;
    }
  }

  /** Marks sessions as deleted; one that is being recorded is refused. */
  deleteSessions(project: string, sessions: SessionId[]): void {
    const file = this.projects.writable(project);
    if (this.recordings.states().some((state) => state.project === project && sessions.includes(state.session))) {
      throw new HeapscopeError('project.recording', { path: file.path });
    }
    file.deleteSessions(sessions);
    this.events.emit({ event: 'sessions.changed', payload: { project } });
  }

  restoreSessions(project: string, sessions: SessionId[]): void {
    this.projects.writable(project).restoreSessions(sessions);
    this.events.emit({ event: 'sessions.changed', payload: { project } });
  }

  /** Throws `project.recording` while it records, `project.importing` while snapshots are read into it that shall be kept. */
  async closeProject(id: string, discard = false): Promise<void> {
    const { path } = this.projects.info(id);
    if (this.recordings.isRecording(id)) throw new HeapscopeError('project.recording', { path });
    const count = this.#making.imports.count(id);
    if (count > 0 && !discard) throw new HeapscopeError('project.importing', { path, count });
    await this.snapshots.release(id);
    this.projects.close(id);
  }

  /** Ends recordings, gives imports a moment and then cancels them, closes files. Programs go on unless `killPrograms`. */
  async dispose(killPrograms = true): Promise<void> {
    const { dumps, analysis, imports } = this.#making;
    await this.recordings.dispose(killPrograms);
    await Promise.race([imports.settled(null), sleep(IMPORT_PATIENCE, undefined, { ref: false })]);
    await imports.abort(null);
    await analysis.dispose();
    this.projects.closeAll();
    dumps.dispose();
  }
}

/** See `Engine`. */
export function createEngine(o: EngineOptions): Promise<Engine> {
  return Engine.create(o);
}
