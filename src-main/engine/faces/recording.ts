import type { Args, EventRow, ProjectInfo, RecordingState, Result, SessionRef } from '../../../src-preload/contract/index.ts';
import type { Recording } from '../recording/recording.ts';
import type { Recordings, StartOptions } from '../recording/recordings.ts';
import type { ConfirmedLaunches } from '../workspace/confirmed-launches.ts';
import type { Projects } from '../workspace/projects.ts';
import type { Recents } from '../workspace/recents.ts';
import type { SettingsKeeper } from '../workspace/settings.ts';
import type { SnapshotDefaults } from '../workspace/snapshot-defaults.ts';

interface Parts {
  projects: Projects;
  recordings: Recordings;
  confirmed: ConfirmedLaunches;
  recents: Recents;
  settings: SettingsKeeper;
  defaults: SnapshotDefaults;
}

/** By default, snapshots are taken as configured last. */
export type StartRequest = Args<'recording.start'> & Pick<StartOptions, 'starter'> & Partial<Pick<StartOptions, 'snapshots'>>;

export interface StartedRecording {
  project: ProjectInfo;
  recording: Recording;
}

/** Sessions while they are recorded. */
export class RecordingFace {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Records into the given open project, or into a new untitled one, which is removed when the start fails. Throws `launch.unconfirmed`
   * before reading anything that the specification names.
   */
  async start({ spec, confirmed, ...o }: StartRequest): Promise<StartedRecording> {
    const { projects, recordings, recents, settings, defaults } = this.#parts;
    if (!confirmed) this.#parts.confirmed.mustHave(spec);
    const project = o.project === null ? projects.create() : projects.info(o.project);
    try {
      const file = projects.writable(project.id);
      const snapshots = o.snapshots ?? defaults.get();
      const { consoleLimit } = settings.get();
      const recording = await recordings.start(spec, { ...o, project, file, consoleLimit, snapshots });
      this.#parts.confirmed.add(spec);
      recents.launched(spec);
      return { project: projects.info(project.id), recording };
    } catch (thrown) {
      if (o.project === null) projects.close(project.id);
      throw thrown;
    }
  }

  states(): RecordingState[] {
    return this.#parts.recordings.states();
  }

  /** Those whose program has not ended yet: their names, and the files that have what is recorded. */
  underWay(): { name: string; path: string }[] {
    const { projects, recordings } = this.#parts;
    return recordings
      .states()
      .filter(({ phase }) => phase !== 'ended')
      .map(({ project, session }) => ({ name: projects.file(project).sessions.get(session).name, path: projects.info(project).path }));
  }

  stop({ how, ...ref }: Args<'recording.stop'>): void {
    this.#get(ref).stop(how);
  }

  async collect(ref: SessionRef): Promise<Result<'recording.collect'>> {
    return await this.#get(ref).collect();
  }

  async tracemalloc({ frames, ...ref }: Args<'recording.tracemalloc'>): Promise<Result<'recording.tracemalloc'>> {
    return await this.#get(ref).tracemalloc(frames);
  }

  async setSampling({ mean, ...ref }: Args<'recording.setSampling'>): Promise<null> {
    await this.#get(ref).setSampling(mean);
    return null;
  }

  pause({ paused, ...ref }: Args<'recording.pause'>): void {
    this.#get(ref).pause(paused);
  }

  mark({ name, ...ref }: Args<'recording.mark'>): EventRow {
    return this.#get(ref).mark(name);
  }

  /** All of them at once, without waiting for their end. */
  killPrograms(): void {
    this.#parts.recordings.killPrograms();
  }

  /** All recordings, and their programs. Settles when their files have everything. */
  async endAll(): Promise<void> {
    await this.#parts.recordings.endAll(true);
  }

  #get({ project, session }: SessionRef): Recording {
    return this.#parts.recordings.get(project, session);
  }
}
