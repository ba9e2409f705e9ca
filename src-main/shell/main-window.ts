import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { ShellState } from '../../src-preload/contract/index.ts';
import type { Log } from '../engine/faces/base.ts';
import { readWindowState, SMALLEST, usableState, writeWindowState, type WindowState } from './window-state.ts';

export interface MainWindowParts {
  preload: string;
  icon: string;
  url: string;
  /** File with the window's bounds. */
  stateFile: string;
  development: boolean;
  log: Log;
  /** Whether it may close now; asks the user if necessary. */
  mayClose: () => Promise<boolean>;
  /** The page was closed or reloads. */
  onPageGone: () => void;
  /** The page's process died too often to start it again. */
  onGivenUp: () => void;
  onClosed: () => void;
}

/** This many deaths of the page's process within this time are too many. */
const CRASHES = { most: 3, within: 60_000 };

/** The only window: restores its bounds, sandboxes its page, asks before it closes. */
export class MainWindow {
  readonly window: BrowserWindow;
  readonly #parts: MainWindowParts;
  #mayClose = false;
  #asking = false;
  #crashes: number[] = [];

  constructor(parts: MainWindowParts) {
    this.#parts = parts;
    const saved = usableState(
      readWindowState(parts.stateFile),
      screen.getAllDisplays().map((display) => display.workArea),
    );
    this.window = makeWindow(parts, saved);
    if (saved.maximized) this.window.maximize();
    if (saved.fullScreen) this.window.setFullScreen(true);
    this.#listen();
    this.load();
  }

  load(): void {
    this.window.loadURL(this.#parts.url).catch((thrown: unknown) => this.#parts.log.warn('loading the page', thrown));
  }

  show(): void {
    if (this.window.isMinimized()) this.window.restore();
    this.window.show();
    this.window.focus();
  }

  /** What the page reported: title bar, the file it shows, and whether closing would lose something. */
  report({ title, path, recording }: ShellState): void {
    this.window.setTitle(title === '' ? 'Heapscope' : title);
    this.window.setRepresentedFilename(path);
    this.window.setDocumentEdited(recording);
  }

  #listen(): void {
    const { window } = this;
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => this.#closing(event));
    window.on('closed', () => this.#parts.onClosed());
    // The title is the one that the page reports.
    window.on('page-title-updated', (event) => event.preventDefault());
    window.webContents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) this.#parts.onPageGone();
    });
    window.webContents.on('render-process-gone', (_event, details) => this.#pageDied(details.reason));
  }

  #closing(event: { preventDefault(): void }): void {
    this.#saveState();
    if (this.#mayClose) return;
    event.preventDefault();
    if (this.#asking) return;
    this.#asking = true;
    void this.#parts.mayClose().then((may) => {
      this.#asking = false;
      this.#mayClose = may;
      if (may && !this.window.isDestroyed()) this.window.close();
    });
  }

  #pageDied(reason: string): void {
    this.#parts.onPageGone();
    if (reason === 'clean-exit') return;
    this.#parts.log.warn(`the page's process is gone: ${reason}`);
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < CRASHES.within), now];
    if (this.#crashes.length > CRASHES.most) this.#parts.onGivenUp();
    else this.load();
  }

  #saveState(): void {
    const { window } = this;
    try {
      const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized(), fullScreen: window.isFullScreen() };
      writeWindowState(this.#parts.stateFile, state);
    } catch (thrown) {
      this.#parts.log.warn('keeping the window bounds', thrown);
    }
  }
}

function makeWindow({ preload, icon, development }: MainWindowParts, { bounds }: WindowState): BrowserWindow {
  return new BrowserWindow({
    width: 1360,
    height: 860,
    ...bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: 'Heapscope',
    icon,
    // Until the page has drawn: close to the page's background, so that nothing flashes.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16171b' : '#ffffff',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: development,
    },
  });
}
