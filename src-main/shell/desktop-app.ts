import { app, nativeTheme, session } from 'electron';
import { join, relative } from 'node:path';
import type { AppInfo, Args, MethodName, Result, Settings, ShellState } from '../../src-preload/contract/index.ts';
import type { Log } from '../engine/faces/base.ts';
import type { Places } from '../own-files/places.ts';
import { NOTHING_ASKED, type StartRequest } from '../own-files/start-request.ts';
import type { Router } from '../rpc/router.ts';
import { Dialogs } from './dialogs.ts';
import { denyPermissions } from './hardening.ts';
import { Ipc } from './ipc.ts';
import { MainWindow } from './main-window.ts';
import { MenuBar } from './menu.ts';
import { PAGE_ORIGIN, PAGE_URL, servePage } from './page-protocol.ts';
import { StartKeeper } from './start-keeper.ts';
import { wordsFor, type Words } from './words.ts';

export interface DesktopParts {
  router: Router;
  places: Places;
  dataFolder: string;
  log: Log;
  start: StartRequest;
  /** Shuts the engine down; recorded programs end with it. */
  dispose: () => Promise<void>;
}

/** The desktop app from Electron's `ready` to its end. */
export class DesktopApp {
  readonly #parts: DesktopParts;
  readonly #start: StartKeeper;
  readonly #dialogs: Dialogs;
  readonly #ipc: Ipc;
  readonly #menu: MenuBar;
  #main: MainWindow | null = null;
  #settings: Pick<Settings, 'theme' | 'language'> = { theme: 'system', language: 'system' };
  #recording = false;
  #endsWithWindow = false;
  #disposed = false;
  #ending: Promise<void> | null = null;

  constructor(parts: DesktopParts) {
    this.#parts = parts;
    this.#start = new StartKeeper(parts.start, (command) => this.#ipc.send('shell.command', command));
    this.#dialogs = new Dialogs(
      () => this.#main?.window ?? null,
      () => this.words,
    );
    const { router, log } = parts;
    const contents = () => this.#main?.window.webContents ?? null;
    this.#ipc = new Ipc({
      router,
      log,
      contents,
      dialogs: this.#dialogs,
      pageOrigin: pageOrigin,
      onReport: (state) => this.#report(state),
    });
    this.#menu = new MenuBar({
      action: (action) => this.#ipc.send('shell.command', { command: 'action', action }),
      openRecent: (path) => this.open({ open: [path], record: null }),
      set: (change) => void this.#call('settings.set', change),
      quit: () => app.quit(),
    });
  }

  /** Texts of menus and dialogs, in the current language. */
  get words(): Words {
    return wordsFor(this.#settings.language, app.getPreferredSystemLanguages());
  }

  /** What the window's `app.info` reports about the start, once. */
  takeStart(): AppInfo['start'] {
    return this.#start.take();
  }

  async run(): Promise<void> {
    servePage(session.defaultSession, this.#parts.places.page);
    denyPermissions(session.defaultSession, pageOrigin);
    this.#parts.router.onEvent((event) => {
      if (event.event === 'settings.changed') void this.#follow(event.payload);
      if (event.event === 'project.changed' || event.event === 'sessions.changed') void this.#showMenu();
      if (event.event === 'recording.state' && event.payload.phase === 'ended') void this.#recordingEnded();
    });
    this.#listenToApp();
    const settings = await this.#call('settings.get', {});
    if (settings !== null) await this.#follow(settings);
    else await this.#showMenu();
    this.#makeWindow();
  }

  /** A file was double-clicked, or a second start asked for something: brings the window to the front with it. */
  open(request: StartRequest): void {
    this.#start.request(request);
    if (this.#main === null) this.#makeWindow();
    else this.#main.show();
  }

  #listenToApp(): void {
    app.on('activate', () => this.open(NOTHING_ASKED));
    app.on('before-quit', () => (this.#endsWithWindow = true));
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin' || this.#endsWithWindow) app.quit();
    });
    app.on('will-quit', (event) => this.#willQuit(event));
  }

  #makeWindow(): void {
    const { places, dataFolder, log } = this.#parts;
    this.#main = new MainWindow({
      preload: places.preload,
      icon: join(places.icons, 'heapscope.png'),
      url: developmentUrl() ?? PAGE_URL,
      stateFile: join(dataFolder, 'window-state.json'),
      development: !app.isPackaged,
      log,
      mayClose: () => this.#mayClose(),
      onPageGone: () => {
        this.#ipc.cancelAll();
        this.#start.windowGone();
      },
      onGivenUp: () => void this.#dialogs.confirmShowAgain().then((again) => (again ? this.#main?.load() : app.quit())),
      onClosed: () => {
        this.#main = null;
        this.#ipc.cancelAll();
        this.#start.windowGone();
      },
    });
  }

  /** The engine is asked about recordings, since the window may be what hangs. */
  async #mayClose(): Promise<boolean> {
    if (!(await this.#isRecording())) return true;
    const answer = await this.#dialogs.confirmClose();
    // Quitting was cancelled, or it happens now. On macOS too: otherwise the programs would go on.
    this.#endsWithWindow = answer === 'stop';
    if (answer === 'keep') this.#main?.window.hide();
    return answer === 'stop';
  }

  /** In the background nothing is left to do then. */
  async #recordingEnded(): Promise<void> {
    const hidden = this.#main !== null && !this.#main.window.isVisible() && !this.#main.window.isMinimized();
    if (hidden && !(await this.#isRecording())) app.quit();
  }

  async #isRecording(): Promise<boolean> {
    const states = await this.#call('recording.states', {});
    return states?.some((state) => state.phase !== 'ended') ?? false;
  }

  /** Ends recordings and closes files without asking; only once, whoever calls. Never rejects. */
  end(): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  async #end(): Promise<void> {
    try {
      await this.#parts.dispose();
    } catch (thrown) {
      this.#parts.log.warn('ending', thrown);
    }
    this.#disposed = true;
  }

  /** Electron does not wait for promises: the first attempt to quit is held back until the engine has closed its files. */
  #willQuit(event: { preventDefault(): void }): void {
    if (this.#disposed) return;
    event.preventDefault();
    void this.end().then(() => app.quit());
  }

  async #follow(settings: Pick<Settings, 'theme' | 'language'>): Promise<void> {
    this.#settings = { theme: settings.theme, language: settings.language };
    nativeTheme.themeSource = settings.theme;
    await this.#showMenu();
  }

  #report(state: ShellState): void {
    this.#main?.report(state);
    // Untitled projects are in the data folder; the system's list is for the user's files.
    const outside = relative(this.#parts.dataFolder, state.path).startsWith('..');
    if (state.path !== '' && outside) app.addRecentDocument(state.path);
    this.#recording = state.recording;
    void this.#showMenu();
  }

  async #showMenu(): Promise<void> {
    const recents = (await this.#call('projects.recents', {})) ?? [];
    const { platform } = process;
    this.#menu.show({
      platform,
      words: this.words,
      settings: this.#settings,
      recents,
      recording: this.#recording,
      development: !app.isPackaged,
    });
  }

  /** A call made by the shell itself; null if it failed, which is logged. */
  async #call<M extends MethodName>(method: M, args: Args<M>): Promise<Result<M> | null> {
    const context = { signal: new AbortController().signal, onProgress: () => undefined, shell: 'electron' as const };
    const outcome = await this.#parts.router.call(method, args, context);
    if (outcome.ok) return outcome.value as Result<M>;
    this.#parts.log.warn(`${method} of the shell: ${outcome.error.code}`);
    return null;
  }
}

/** Vite's address, only under `electron-vite dev`. */
function developmentUrl(): string | null {
  return app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null);
}

/** The origin of our page. */
export function pageOrigin(): string {
  const url = developmentUrl();
  return url === null ? PAGE_ORIGIN : new URL(url).origin;
}
