import { dialog, type BaseWindow, type FileFilter as NativeFilter, type OpenDialogOptions } from 'electron';
import type { Words } from './words.ts';

export type CloseAnswer = 'stop' | 'keep' | 'cancel';

/** Native dialogs, shown as sheets of the window. */
export class Dialogs {
  readonly #window: () => BaseWindow | null;
  readonly #words: () => Words;

  constructor(window: () => BaseWindow | null, words: () => Words) {
    this.#window = window;
    this.#words = words;
  }

  pickFile(filter: string, startIn: string): Promise<string | null> {
    return this.#open({
      properties: ['openFile', ...(filter === 'interpreter' ? ['showHiddenFiles' as const] : [])],
      filters: this.#filters(filter),
      defaultPath: startIn,
    });
  }

  pickFolder(startIn: string): Promise<string | null> {
    return this.#open({ properties: ['openDirectory', 'createDirectory'], defaultPath: startIn });
  }

  async pickSave(suggested: string): Promise<string | null> {
    const options = {
      defaultPath: suggested,
      filters: this.#filters('project'),
      properties: ['createDirectory' as const, 'showOverwriteConfirmation' as const],
    };
    const window = this.#window();
    const { canceled, filePath } = window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
    return canceled || filePath === '' ? null : filePath;
  }

  /** Asked before a window with a running recording closes. */
  async confirmClose(): Promise<CloseAnswer> {
    const words = this.#words();
    const answers: CloseAnswer[] = ['stop', 'keep', 'cancel'];
    const at = await this.#message(
      'warning',
      words.closeTitle,
      words.closeDetail,
      [words.stopAndClose, words.keepRecording, words.cancel],
      2,
    );
    return answers[at] ?? 'cancel';
  }

  async confirmShowAgain(): Promise<boolean> {
    const words = this.#words();
    return (
      (await this.#message('error', words.crashTitle, words.crashDetail, [words.showAgain, words.quit.replace(/\(&\w\)|&/g, '')], 0)) === 0
    );
  }

  async #message(type: 'warning' | 'error', message: string, detail: string, buttons: string[], cancelId: number): Promise<number> {
    const options = { type, message, detail, buttons, cancelId, defaultId: cancelId, noLink: true };
    const window = this.#window();
    const { response } = window === null ? await dialog.showMessageBox(options) : await dialog.showMessageBox(window, options);
    return response;
  }

  async #open(options: OpenDialogOptions): Promise<string | null> {
    const window = this.#window();
    const { canceled, filePaths } = window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
    return canceled ? null : (filePaths[0] ?? null);
  }

  #filters(filter: string): NativeFilter[] {
    const words = this.#words();
    const all = { name: words.allFiles, extensions: ['*'] };
    if (filter === 'project') return [{ name: words.projects, extensions: ['heapscope'] }, all];
    if (filter === 'python') return [{ name: words.pythonFiles, extensions: ['py', 'pyw', 'pyz', 'pyzw'] }, all];
    return [all];
  }
}

/** For use before there is any window, and where none can be opened. */
export function showStartFailure(words: Words, detail: string): void {
  dialog.showErrorBox(words.startFailed, detail);
}
