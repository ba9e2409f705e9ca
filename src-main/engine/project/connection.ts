import { rmSync, statSync } from 'node:fs';
import type { Bytes, ProjectInfo } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { filesBeside } from './companions.ts';
import { canHaveCompanions } from './lock.ts';
import { adoptFile, closeFile, fileError, type OpenFile } from './open.ts';
import { claimPath, type PathClaim } from './open-paths.ts';
import { copyFile, type Copy, type CopyOptions } from './save-as.ts';
import { BadCell, isCorrupt, type Sqlite } from './sqlite.ts';

/**
 * The database of an open project: consistent reads, writes in transactions, and the move to another file while both go on.
 */
export class Connection {
  #path: string;
  #file: OpenFile;
  #claim: PathClaim;
  #dataVersion = -1;
  /** Counts writes while the file is being copied; null: no copy is running. */
  #stamp: number | null = null;
  #held = false;
  #changed = false;
  readonly #log: Log;
  readonly #onForeignWrite: () => void;

  /** `onForeignWrite` is called inside a read when another process has written since the last one. */
  constructor(path: string, file: OpenFile, claim: PathClaim, log: Log, onForeignWrite: () => void) {
    this.#path = path;
    this.#file = file;
    this.#claim = claim;
    this.#log = log;
    this.#onForeignWrite = onForeignWrite;
  }

  get path(): string {
    return this.#path;
  }

  get db(): Sqlite {
    return this.#file.db;
  }

  get isOpen(): boolean {
    return this.#file.db.db.isOpen;
  }

  get writable(): boolean {
    return this.#file.lock !== null;
  }

  get readOnlyReason(): ProjectInfo['readOnlyReason'] {
    return this.#file.readOnlyReason;
  }

  /** Whether something was written since it was opened, apart from what opening and closing themselves write. */
  get changed(): boolean {
    return this.#changed;
  }

  /** While the file is about to change, recordings keep their data in memory. */
  get held(): boolean {
    return this.#held;
  }

  /** Including what is not in the main file yet. */
  get size(): Bytes {
    const files = canHaveCompanions(this.#path) ? [this.#path, `${this.#path}-wal`] : [this.#path];
    return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  }

  /** One consistent state of the file for all of `work`, even while another process writes it. Throws `project.damaged`. */
  read<T>(work: (db: Sqlite) => T): T {
    const { db, lock } = this.#file;
    try {
      return lock !== null ? work(db) : this.#readSnapshot(db, work);
    } catch (thrown) {
      if (isCorrupt(thrown) || thrown instanceof BadCell)
        throw new HeapscopeError('project.damaged', { path: this.#path, detail: String(thrown) }, thrown);
      throw thrown;
    }
  }

  /** All of `work` in one transaction. Throws `project.read-only`, `recording.disk-full`, `file.forbidden`. */
  write<T>(work: (db: Sqlite) => T): T {
    if (!this.writable) throw new HeapscopeError('project.read-only', { path: this.#path, reason: this.readOnlyReason });
    try {
      return this.transaction(work);
    } catch (thrown) {
      throw fileError(thrown, this.#path);
    }
  }

  /** Like `write`, but throws SQLite's own errors. */
  transaction<T>(work: (db: Sqlite) => T): T {
    const { db } = this.#file;
    this.#changed = true;
    return db.transaction(() => {
      if (this.#stamp !== null) db.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('stamp', ?)", String(++this.#stamp));
      return work(db);
    });
  }

  /** Switches to a copy at another place; an `untitled` original is deleted. Returns whether the project was read-only before. */
  async moveTo(path: string, o: CopyOptions & { untitled: boolean }): Promise<{ tookOver: boolean }> {
    const claim = claimPath(path);
    try {
      this.#stamp = 0;
      if (this.writable) this.write(() => undefined);
      const source = { db: this.db, stamp: () => (this.writable ? String(this.#stamp) : null), hold: () => void (this.#held = true) };
      const copy = await copyFile(source, path, o);
      return this.#adopt(path, copy, claim, o.untitled);
    } catch (thrown) {
      claim.dispose();
      throw thrown;
    } finally {
      this.#stamp = null;
      this.#held = false;
    }
  }

  close(): void {
    try {
      closeFile(this.#file);
    } catch (thrown) {
      this.#log.warn(`${this.#path} could not be closed cleanly`, thrown);
    }
    this.#claim.dispose();
  }

  #readSnapshot<T>(db: Sqlite, work: (db: Sqlite) => T): T {
    db.exec('BEGIN');
    try {
      const version = db.number('PRAGMA data_version');
      if (version !== this.#dataVersion) this.#onForeignWrite();
      this.#dataVersion = version;
      return work(db);
    } finally {
      db.exec('COMMIT');
    }
  }

  #adopt(path: string, copy: Copy, claim: PathClaim, untitled: boolean): { tookOver: boolean } {
    const old = { file: this.#file, path: this.#path, claim: this.#claim };
    copy.place();
    this.#file = adoptFile(path, copy.lock);
    this.#path = path;
    this.#claim = claim;
    try {
      closeFile(old.file);
      if (untitled && old.file.lock !== null) for (const file of [old.path, ...filesBeside(old.path)]) rmSync(file, { force: true });
    } catch (thrown) {
      this.#log.warn(`${old.path} could not be closed after it was saved elsewhere`, thrown);
    }
    old.claim.dispose();
    return { tookOver: old.file.lock === null };
  }
}
