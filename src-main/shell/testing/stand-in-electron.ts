import { EventEmitter } from 'node:events';
import type { Dialog, IpcMain, MessageBoxOptions, NativeTheme, Screen, Session } from 'electron';
import { CHANNELS, type Args, type MethodName, type Outcome, type Result } from '../../../src-preload/contract/index.ts';
import { StandInApp, type Machine } from './stand-in-app.ts';
import { StandInWindow, type StandInContents } from './stand-in-window.ts';

type Listener = (...args: unknown[]) => unknown;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One instance of the app: the part of Electron that it may import, and what a user and a system do to it. */
export class StandInElectron {
  readonly app: StandInApp;
  /** Answers to dialogs, by button index, in order. */
  readonly answers: number[] = [];
  readonly questions: MessageBoxOptions[] = [];
  readonly errors: string[] = [];
  readonly powerMonitor = new EventEmitter();
  readonly #handlers = new Map<string, Listener>();
  readonly #ipc = new EventEmitter();
  readonly #before = new Map(SIGNALS.map((name) => [name, process.listeners(name)]));
  #schemes = 0;
  #lastCall = 0;

  constructor(o: { packaged: boolean; machine: Machine }) {
    this.app = new StandInApp(o.packaged, o.machine, () => this.dropSignalHandlers());
  }

  get window(): StandInWindow {
    const window = this.app.windows.at(-1);
    if (!(window instanceof StandInWindow)) throw new Error('there is no window');
    return window;
  }

  get contents(): StandInContents {
    return this.window.webContents;
  }

  /** Sent to the page since it was created. */
  told(event: string): unknown[] {
    return this.contents.sent.filter(({ channel, args }) => channel === CHANNELS.event && args[0] === event).map(({ args }) => args[1]);
  }

  /** A call of the page to the shell. */
  async call<M extends MethodName>(method: M, args: Args<M>): Promise<Result<M>> {
    const event = { sender: this.contents, senderFrame: this.contents.mainFrame };
    const outcome = (await this.#handlers.get(CHANNELS.call)?.(event, ++this.#lastCall, method, args)) as Outcome<Result<M>>;
    if (!outcome.ok) throw new Error(`${method}: ${outcome.error.code}`);
    return outcome.value;
  }

  /**
   * As the kernel delivers it: to handlers that were installed after the app was ready; otherwise Electron's own one quits, with dialogs.
   */
  signal(name: (typeof SIGNALS)[number]): void {
    const ours = this.#ours(name);
    for (const listener of ours) listener(name);
    if (ours.length === 0) this.app.quit();
  }

  /** Electron replaces handlers that the main script installed between its run and `ready`. */
  dropSignalHandlers(): void {
    for (const name of SIGNALS) for (const listener of this.#ours(name)) process.off(name, listener);
  }

  #ours(name: (typeof SIGNALS)[number]): NodeJS.SignalsListener[] {
    return process.listeners(name).filter((listener) => !this.#before.get(name)?.includes(listener));
  }

  /** What `import … from 'electron'` gives; whatever is missing here is not used. */
  module(): Record<string, unknown> {
    const { app } = this;
    return {
      app,
      BrowserWindow: class extends StandInWindow {
        constructor() {
          super(app);
        }
      },
      ipcMain: this.#ipcMain(),
      dialog: this.#dialog(),
      powerMonitor: { on: (event: string, listener: Listener) => (app.mustBeReady('powerMonitor'), this.powerMonitor.on(event, listener)) },
      Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: () => app.mustBeReady('Menu') },
      nativeTheme: { themeSource: 'system', shouldUseDarkColors: false } satisfies Pick<NativeTheme, 'themeSource' | 'shouldUseDarkColors'>,
      screen: { getAllDisplays: () => (app.mustBeReady('screen'), []) } satisfies Pick<Screen, 'getAllDisplays'>,
      protocol: {
        registerSchemesAsPrivileged: () => {
          app.mustNotBeReady('protocol.registerSchemesAsPrivileged');
          if (++this.#schemes > 1) throw new Error('it can be called only once');
        },
      },
      session: {
        get defaultSession(): Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'> {
          app.mustBeReady('session.defaultSession');
          const nothing = (): void => undefined;
          const protocol = { handle: nothing };
          const handlers = {
            setPermissionRequestHandler: nothing,
            setPermissionCheckHandler: nothing,
            setDevicePermissionHandler: nothing,
          };
          return { ...handlers, protocol } as typeof handlers;
        },
      },
    };
  }

  #ipcMain(): Pick<IpcMain, 'handle'> & { on: (channel: string, listener: Listener) => void } {
    return {
      handle: (channel, listener) => {
        if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
        this.#handlers.set(channel, listener as Listener);
      },
      on: (channel, listener) => void this.#ipc.on(channel, listener),
    };
  }

  #dialog(): Pick<Dialog, 'showErrorBox'> & { showMessageBox: (...args: unknown[]) => Promise<{ response: number }> } {
    return {
      showErrorBox: (title, content) => void this.errors.push(`${title} ${content}`),
      showMessageBox: (...args) => {
        this.app.mustBeReady('dialog.showMessageBox');
        const options = args.at(-1) as MessageBoxOptions;
        this.questions.push(options);
        return Promise.resolve({ response: this.answers.shift() ?? options.cancelId ?? 0 });
      },
    };
  }
}
