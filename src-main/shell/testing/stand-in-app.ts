import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import type { App } from 'electron';

/** What Electron passes to listeners that may cancel. */
export class PreventableEvent {
  defaultPrevented = false;

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** What the app needs of its windows to close them. */
export interface Closable {
  close(): void;
  destroy(): void;
  isDestroyed(): boolean;
}

type Used =
  | 'isPackaged'
  | 'whenReady'
  | 'quit'
  | 'exit'
  | 'setPath'
  | 'enableSandbox'
  | 'setAppUserModelId'
  | 'requestSingleInstanceLock'
  | 'getPreferredSystemLanguages'
  | 'addRecentDocument';

/** Copies of the app on one machine: which of them holds the lock. */
export interface Machine {
  first: StandInApp | null;
}

/**
 * `app` as `electron.d.ts` describes it: what may be called before `ready`, what only after it, in which order its events come, and how a
 * window may cancel quitting. Contains no code of the real one.
 */
export class StandInApp extends EventEmitter implements Pick<App, Used> {
  readonly isPackaged: boolean;
  readonly windows: Closable[] = [];
  /** Exit status; null while it runs. */
  exited: number | null = null;
  askedForLock = false;
  readonly recentDocuments: string[] = [];
  readonly #machine: Machine;
  readonly #beforeReady: () => void;
  readonly #waiting: (() => void)[] = [];
  #ready = false;
  #quitting = false;

  constructor(isPackaged: boolean, machine: Machine, beforeReady: () => void) {
    super();
    this.isPackaged = isPackaged;
    this.#machine = machine;
    this.#beforeReady = beforeReady;
  }

  mustBeReady(what: string): void {
    if (!this.#ready) throw new Error(`${what} cannot be used before the app is ready`);
  }

  mustNotBeReady(what: string): void {
    if (this.#ready) throw new Error(`${what} can only be used before the app is ready`);
  }

  whenReady(): Promise<void> {
    return this.#ready ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** After the first tick of the main script. */
  becomeReady(): void {
    this.#beforeReady();
    this.#ready = true;
    this.emit('ready', new PreventableEvent(), {});
    for (const resolve of this.#waiting) resolve();
  }

  enableSandbox(): void {
    this.mustNotBeReady('app.enableSandbox');
  }

  setPath(_name: string, path: string): void {
    if (!existsSync(path)) throw new Error(`Path must exist: ${path}`);
  }

  setAppUserModelId(): void {
    this.mustBeRunning();
  }

  getPreferredSystemLanguages(): string[] {
    return ['en-US'];
  }

  addRecentDocument(path: string): void {
    this.mustBeReady('app.addRecentDocument');
    this.recentDocuments.push(path);
  }

  /** Another instance's arguments reach the first as a copy, once that is ready. */
  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    this.askedForLock = true;
    const { first } = this.#machine;
    if (first === null || first.exited !== null) {
      this.#machine.first = this;
      return true;
    }
    const data: unknown = structuredClone(additionalData);
    void first.whenReady().then(() => first.emit('second-instance', new PreventableEvent(), [], '/', data));
    return false;
  }

  quit(): void {
    if (this.#quitting || this.exited !== null) return;
    this.#quitting = true;
    const event = new PreventableEvent();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return this.quitCancelled();
    for (const window of [...this.windows]) window.close();
    if (this.#quitting && this.windows.length === 0) this.#willQuit();
  }

  /** A window refused to close. */
  quitCancelled(): void {
    this.#quitting = false;
  }

  windowClosed(window: Closable): void {
    this.windows.splice(this.windows.indexOf(window), 1);
    if (this.windows.length > 0 || this.exited !== null) return;
    if (this.#quitting) return;
    if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }

  /** Neither `before-quit` nor `will-quit`, and no window is asked. */
  exit(exitCode = 0): void {
    if (this.exited !== null) return;
    this.exited = exitCode;
    for (const window of [...this.windows]) window.destroy();
    this.emit('quit', new PreventableEvent(), exitCode);
  }

  private mustBeRunning(): void {
    if (this.exited !== null) throw new Error('the app has ended');
  }

  #willQuit(): void {
    const event = new PreventableEvent();
    this.emit('will-quit', event);
    if (event.defaultPrevented) return this.quitCancelled();
    this.exited = 0;
    this.emit('quit', new PreventableEvent(), 0);
  }
}
