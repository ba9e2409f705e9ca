import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import {
  isProjectName,
  type ErrorCode,
  type Progress,
  type ProjectId,
  type ProjectInfo,
  type SessionId,
  type SnapshotRow,
} from '../../../src-preload/contract/index.ts';
import { Emitter } from '../base/emitter.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { checkElsewhere, ProjectFile } from '../project/index.ts';
import type { DroppedFiles } from './dropped.ts';
import { KnownProjects } from './known-projects.ts';
import type { Recents } from './recents.ts';

export interface LongCall {
  onProgress: (progress: Progress) => void;
  signal: AbortSignal;
}

/** Why a file cannot be opened, now or later, by this Heapscope. */
const USELESS: ReadonlySet<ErrorCode> = new Set(['project.not-a-project', 'project.newer', 'project.damaged']);

interface Open {
  id: ProjectId;
  file: ProjectFile;
  /** Opened for a comparison, read-only: not among the user's open projects. */
  guest: boolean;
  /** It was never open here before, so that nothing was written to it. */
  fresh: boolean;
}

/** Open project files, by handle. Opening one twice gives the same handle. */
export class Projects {
  readonly onChange = new Emitter<ProjectInfo>();
  readonly onSession = new Emitter<{ project: ProjectId; session: SessionId }>();
  readonly onSnapshot = new Emitter<{ project: ProjectId; row: SnapshotRow }>();
  /** An existing file was opened. */
  readonly onOpened = new Emitter<ProjectInfo>();
  readonly onSessions = new Emitter<ProjectId>();
  readonly #open = new Map<ProjectId, Open>();
  readonly #folder: string;
  readonly #recents: Recents;
  readonly #log: Log;
  #next = 1;
  #ended = false;

  readonly #dropped: DroppedFiles;
  readonly #known: KnownProjects;

  constructor(dataFolder: string, recents: Recents, dropped: DroppedFiles, log: Log) {
    this.#dropped = dropped;
    this.#folder = join(dataFolder, 'untitled');
    this.#recents = recents;
    this.#log = log;
    this.#known = new KnownProjects(
      dataFolder,
      log,
      recents.projects().map(({ path }) => path),
    );
  }

  list(): ProjectInfo[] {
    return [...this.#open.values()].filter(({ guest }) => !guest).map((open) => infoOf(open));
  }

  info(id: ProjectId): ProjectInfo {
    return infoOf(this.#mustHave(id));
  }

  file(id: ProjectId): ProjectFile {
    return this.#mustHave(id).file;
  }

  /** Like `file`, for changing it. Throws `project.read-only`. */
  writable(id: ProjectId): ProjectFile {
    const { file } = this.#mustHave(id);
    const facts = file.facts();
    if (facts.access !== 'write') throw new HeapscopeError('project.read-only', { path: file.path, reason: facts.readOnlyReason });
    return file;
  }

  /** A new untitled project in the data folder. */
  create(): ProjectInfo {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const file = ProjectFile.create(this.#freePath(), { untitled: true, log: this.#log });
    return this.#keep(file);
  }

  createAt(path: string): ProjectInfo {
    const file = ProjectFile.create(resolve(path), { untitled: false, log: this.#log });
    return this.#keep(file);
  }

  async open(path: string): Promise<ProjectInfo> {
    const wanted = real(path);
    const whole = this.#byPath(wanted)?.guest === false ? null : await checkElsewhere(wanted);
    if (this.#ended) throw new HeapscopeError('call.cancelled');
    const known = this.#byPath(wanted);
    if (known && !known.guest) return infoOf(known);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    known?.file.close();
    if (known) this.#open.delete(known.id);
    const info = this.#keep(this.#openFile(wanted, whole), known?.id);
    this.onOpened.emit(info);
    return info;
  }

  #openFile(path: string, known: string | null): ProjectFile {
    try {
      return ProjectFile.open(path, { log: this.#log, untitledIn: this.#folder, known });
    } catch (thrown) {
      if (thrown instanceof HeapscopeError && USELESS.has(thrown.code)) this.#removeUnused(path);
      throw thrown;
    }
  }

  /** A copy of a dropped file that was never a project here, so that nothing was written to it. */
  #removeUnused(path: string): void {
    if (!this.#known.has(path)) this.#dropped.remove(path);
  }

  /**
   * The handle of a file for a comparison: an open one is shared, others are opened read-only. It does not count as a project that the user
   * has opened. Throws `project.unconfirmed` before the path is followed, unless the user has chosen the file now (`confirmed`) or opened
   * it before.
   */
  async openToRead(path: string, confirmed: boolean): Promise<ProjectInfo> {
    if (!confirmed) this.#known.mustHave(path);
    const wanted = real(path);
    const whole = this.#byPath(wanted) === undefined ? await checkElsewhere(wanted) : null;
    if (this.#ended) throw new HeapscopeError('call.cancelled');
    const known = this.#byPath(wanted);
    if (known) return infoOf(known);
    const file = ProjectFile.openToRead(wanted, { log: this.#log, untitledIn: this.#folder, known: whole });
    const open: Open = { id: `p${this.#next++}`, file, guest: true, fresh: false };
    this.#open.set(open.id, open);
    this.#known.add(wanted);
    return infoOf(open);
  }

  async saveAs(id: ProjectId, path: string, overwrite: boolean, call: LongCall): Promise<ProjectInfo> {
    const open = this.#mustHave(id);
    const target = real(isProjectName(path) ? path : `${path}.heapscope`);
    const other = this.#byPath(target);
    if (other && other !== open) throw new HeapscopeError('project.in-use', { path: target });
    if (other === open) return infoOf(open);
    const before = open.file.path;
    const wasUntitled = open.file.facts().untitled;
    await open.file.saveAs(target, overwrite, call.onProgress, call.signal);
    if (wasUntitled) this.#recents.forgetProject(before);
    this.#recents.opened(target, false);
    this.#known.add(target);
    const info = infoOf(open);
    this.onChange.emit(info);
    return info;
  }

  /** Into the file at `toPath`: an open one, one on disk that is opened for it, or a new one. */
  async copySessions(id: ProjectId, sessions: SessionId[], toPath: string, call: LongCall): Promise<{ copied: number; toPath: string }> {
    const from = this.file(id);
    const target = real(isProjectName(toPath) ? toPath : `${toPath}.heapscope`);
    const known = this.#byPath(target);
    const to =
      known?.file ??
      (existsSync(target)
        ? ProjectFile.open(target, { log: this.#log, untitledIn: this.#folder })
        : ProjectFile.create(target, { untitled: false, log: this.#log }));
    try {
      const facts = to.facts();
      if (facts.access !== 'write') throw new HeapscopeError('project.read-only', { path: target, reason: facts.readOnlyReason });
      const copied = await from.copySessions(sessions, to, call.onProgress, call.signal);
      if (known) this.onSessions.emit(known.id);
      else this.#recents.opened(target, false);
      this.#known.add(target);
      return { copied, toPath: target };
    } finally {
      if (!known) to.close();
    }
  }

  /**
   * An untitled project without content is removed with its handle, and so is a copy of a dropped file that was only viewed or salvaged.
   */
  close(id: ProjectId): void {
    const { file, fresh } = this.#mustHave(id);
    const facts = file.facts();
    const lookedAt = fresh && this.#dropped.has(file.path) && facts.access === 'write' && !file.changed;
    const empty = facts.untitled && facts.access === 'write' && file.sessions.isEmpty();
    this.#open.delete(id);
    file.close();
    if (facts.damage !== null && facts.damage.path !== file.path) this.#removeUnused(facts.damage.path);
    if (!empty && !lookedAt) return;
    rmSync(file.path, { force: true });
    this.#recents.forgetProject(file.path);
    this.#known.remove(file.path);
  }

  closeAll(): void {
    this.#ended = true;
    for (const id of [...this.#open.keys()]) {
      try {
        this.close(id);
      } catch (thrown) {
        this.#log.warn('closing a project', thrown);
      }
    }
  }

  #keep(file: ProjectFile, id: ProjectId = `p${this.#next++}`): ProjectInfo {
    const open: Open = { id, file, guest: false, fresh: !this.#known.has(file.path) };
    this.#open.set(open.id, open);
    file.sessions.onChange.on((row) => this.onSession.emit({ project: open.id, session: row.id }));
    file.snapshots.onChange.on((row) => this.onSnapshot.emit({ project: open.id, row }));
    const info = infoOf(open);
    this.#recents.opened(info.path, info.untitled);
    this.#known.add(info.path);
    return info;
  }

  #mustHave(id: ProjectId): Open {
    const open = this.#open.get(id);
    if (!open) throw new HeapscopeError('project.not-open', { project: id });
    return open;
  }

  #byPath(path: string): Open | undefined {
    return [...this.#open.values()].find((open) => open.file.path === path);
  }

  #freePath(): string {
    const now = new Date();
    const two = (n: number) => String(n).padStart(2, '0');
    const stem = `Untitled ${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
    const taken = new Set(readdirSync(this.#folder));
    for (let n = 1; ; n += 1) {
      const name = `${n === 1 ? stem : `${stem} (${n})`}.heapscope`;
      if (!taken.has(name)) return join(this.#folder, name);
    }
  }
}

function infoOf({ id, file }: Open): ProjectInfo {
  return { id, ...file.facts() };
}

/** The path with links resolved as far as it exists, so that one file has one name. */
function real(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const folder = dirname(whole);
    return existsSync(folder) ? join(realpathSync(folder), basename(whole)) : whole;
  }
}
