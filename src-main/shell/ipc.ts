import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { CHANNELS, type EventName, type Events, type Outcome, type Progress, type ShellState } from '../../src-preload/contract/index.ts';
import type { Log } from '../engine/faces/base.ts';
import type { Router } from '../rpc/router.ts';
import type { Dialogs } from './dialogs.ts';
import { isOurs } from './hardening.ts';

export interface IpcParts {
  router: Router;
  dialogs: Dialogs;
  pageOrigin: () => string;
  /** The window's page, or null where there is none. */
  contents: () => WebContents | null;
  onReport: (state: ShellState) => void;
  log: Log;
}

/** The contract over Electron's IPC. Only messages of the main frame of our own window, on our own page, are accepted. */
export class Ipc {
  readonly #parts: IpcParts;
  readonly #calls = new Map<number, AbortController>();

  constructor(parts: IpcParts) {
    this.#parts = parts;
    ipcMain.handle(CHANNELS.call, (event, id: unknown, method: unknown, args: unknown) => this.#call(event, id, method, args));
    ipcMain.on(CHANNELS.cancel, (event, id: unknown) => {
      if (this.#isOurs(event) && typeof id === 'number') this.#calls.get(id)?.abort();
    });
    ipcMain.on(CHANNELS.report, (event, state: unknown) => {
      if (this.#isOurs(event) && isShellState(state)) parts.onReport(state);
    });
    this.#handleDialogs(parts.dialogs);
    parts.router.onEvent(({ event, payload }) => this.send(event, payload));
  }

  /** Sends to the window; does nothing if there is none. */
  send<E extends EventName>(event: E, payload: Events[E]): void {
    this.#toWindow(CHANNELS.event, event, payload);
  }

  /** The page was closed or reloads: nothing waits for its calls any more. */
  cancelAll(): void {
    for (const call of this.#calls.values()) call.abort();
    this.#calls.clear();
  }

  async #call(event: IpcMainInvokeEvent, id: unknown, method: unknown, args: unknown): Promise<Outcome<unknown>> {
    if (!this.#isOurs(event)) return { ok: false, error: { code: 'server.unauthorized', facts: { reason: 'origin' } } };
    if (typeof id !== 'number' || typeof method !== 'string' || this.#calls.has(id)) {
      return { ok: false, error: { code: 'call.invalid', facts: { method: String(method), detail: 'id' } } };
    }
    const abort = new AbortController();
    this.#calls.set(id, abort);
    const onProgress = (progress: Progress): void => this.#toWindow(CHANNELS.progress, id, progress);
    const outcome = await this.#parts.router.call(method, args, { signal: abort.signal, onProgress, shell: 'electron' });
    if (this.#calls.get(id) === abort) this.#calls.delete(id);
    return outcome;
  }

  #handleDialogs(dialogs: Dialogs): void {
    const ask = (channel: string, question: (args: unknown[]) => Promise<string | null>): void => {
      ipcMain.handle(channel, (event, ...args: unknown[]) => (this.#isOurs(event) ? question(args) : null));
    };
    ask(CHANNELS.pickFile, ([filter, startIn]) => dialogs.pickFile(text(filter), text(startIn)));
    ask(CHANNELS.pickFolder, ([startIn]) => dialogs.pickFolder(text(startIn)));
    ask(CHANNELS.pickSave, ([suggested]) => dialogs.pickSave(text(suggested)));
  }

  #toWindow(channel: string, ...args: unknown[]): void {
    const contents = this.#parts.contents();
    if (contents === null || contents.isDestroyed() || contents.isCrashed()) return;
    try {
      contents.send(channel, ...args);
    } catch (thrown) {
      // Between a page's end and the event that reports it, its frame is already gone.
      this.#parts.log.warn('telling the window', thrown);
    }
  }

  #isOurs(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
    const frame = event.senderFrame;
    const contents = this.#parts.contents();
    return (
      frame !== null &&
      contents !== null &&
      event.sender === contents &&
      frame === contents.mainFrame &&
      isOurs(frame.url, this.#parts.pageOrigin())
    );
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isShellState(state: unknown): state is ShellState {
  if (typeof state !== 'object' || state === null) return false;
  const { title, path, recording } = state as Partial<Record<keyof ShellState, unknown>>;
  return typeof title === 'string' && typeof path === 'string' && typeof recording === 'boolean';
}
