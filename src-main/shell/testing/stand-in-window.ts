import { EventEmitter } from 'node:events';
import type { BrowserWindow, Rectangle, WebContents, WebFrameMain } from 'electron';
import { PreventableEvent, type StandInApp } from './stand-in-app.ts';

type UsedOfContents = 'isDestroyed' | 'isCrashed' | 'send' | 'getURL' | 'setWindowOpenHandler';

/** The page: it shows what it was last told to load, and receives what is sent to it. */
export class StandInContents extends EventEmitter implements Pick<WebContents, UsedOfContents> {
  readonly mainFrame = { url: '' } satisfies Pick<WebFrameMain, 'url'>;
  readonly sent: { channel: string; args: unknown[] }[] = [];
  loads = 0;
  crashed = false;
  destroyed = false;
  openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] | null = null;

  isDestroyed = (): boolean => this.destroyed;
  isCrashed = (): boolean => this.crashed;
  getURL = (): string => this.mainFrame.url;

  send(channel: string, ...args: unknown[]): void {
    if (this.destroyed) throw new TypeError('Object has been destroyed');
    this.sent.push({ channel, args });
  }

  setWindowOpenHandler(handler: Parameters<WebContents['setWindowOpenHandler']>[0]): void {
    this.openHandler = handler;
  }

  load(url: string): void {
    this.loads += 1;
    this.crashed = false;
    this.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument: false });
    this.mainFrame.url = url;
  }

  /** A page, a link or a dropped file tries to navigate; whether it may. */
  navigate(url: string): boolean {
    const event = Object.assign(new PreventableEvent(), { url });
    this.emit('will-navigate', event, url);
    return !event.defaultPrevented;
  }

  /** Its process dies. */
  die(reason: 'crashed' | 'oom' | 'killed' | 'clean-exit'): void {
    this.crashed = reason !== 'clean-exit';
    this.emit('render-process-gone', new PreventableEvent(), { reason, exitCode: 1 });
  }
}

type UsedOfWindow =
  | 'maximize'
  | 'setFullScreen'
  | 'loadURL'
  | 'isMinimized'
  | 'restore'
  | 'show'
  | 'hide'
  | 'focus'
  | 'isVisible'
  | 'setTitle'
  | 'setRepresentedFilename'
  | 'setDocumentEdited'
  | 'close'
  | 'destroy'
  | 'isDestroyed'
  | 'getNormalBounds'
  | 'isMaximized'
  | 'isFullScreen';

/** A window. Methods throw once it is closed, as Electron's do. */
export class StandInWindow extends EventEmitter implements Pick<BrowserWindow, UsedOfWindow> {
  readonly webContents = new StandInContents();
  readonly #app: StandInApp;
  #visible = false;
  #destroyed = false;

  constructor(app: StandInApp) {
    super();
    app.mustBeReady('BrowserWindow');
    this.#app = app;
    app.windows.push(this);
    app.emit('web-contents-created', new PreventableEvent(), this.webContents);
    app.emit('browser-window-created', new PreventableEvent(), this);
  }

  loadURL(url: string): Promise<void> {
    this.#alive();
    this.webContents.load(url);
    queueMicrotask(() => this.#destroyed || this.emit('ready-to-show'));
    return Promise.resolve();
  }

  /** `close` may be cancelled; then quitting is too. */
  close(): void {
    this.#alive();
    const event = new PreventableEvent();
    this.emit('close', event);
    if (event.defaultPrevented) this.#app.quitCancelled();
    else this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.webContents.destroyed = true;
    this.emit('closed');
    this.#app.windowClosed(this);
  }

  isDestroyed = (): boolean => this.#destroyed;

  show(): void {
    this.#alive();
    this.#visible = true;
  }

  hide(): void {
    this.#alive();
    this.#visible = false;
  }

  isVisible(): boolean {
    this.#alive();
    return this.#visible;
  }

  getNormalBounds(): Rectangle {
    this.#alive();
    return { x: 0, y: 0, width: 1000, height: 700 };
  }

  isMinimized = (): boolean => this.#no();
  isMaximized = (): boolean => this.#no();
  isFullScreen = (): boolean => this.#no();
  restore = (): void => this.#alive();
  focus = (): void => this.#alive();
  maximize = (): void => this.#alive();
  setFullScreen = (): void => this.#alive();
  setTitle = (): void => this.#alive();
  setRepresentedFilename = (): void => this.#alive();
  setDocumentEdited = (): void => this.#alive();

  #no(): boolean {
    this.#alive();
    return false;
  }

  #alive(): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
  }
}
