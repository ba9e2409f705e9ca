import { _electron } from '@playwright/test';
import type { Browser, BrowserContext, ElectronApplication, Page } from '@playwright/test';
import { Running } from './command-line.ts';
import { connectEngine, makeEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { ownEnvironment } from './environment.ts';
import type { Bridge } from '../../src-preload/contract/index.ts';
import { ROOT } from './places.ts';

export interface LaunchOptions {
  /** `HEAPSCOPE_DATA`: settings, recents, untitled projects. */
  data: string;
  env?: NodeJS.ProcessEnv;
  /** Arguments after `heapscope serve`, or after `--` for Electron. */
  words?: string[];
}

/** A running Heapscope with one window. */
export interface App {
  page: Page;
  engine: Engine;
  /** Address with the token; null in Electron. */
  address: string | null;
  /** Sets the answer of the system's next file dialog; null if the window has its own dialog. */
  answerDialog: ((path: string) => Promise<void>) | null;
  /** The engine's process. */
  pid: number;
  /** Ends it like a user; settles when it has ended. */
  close(): Promise<void>;
  /** Kills it, like a power failure. */
  kill(): Promise<void>;
}

/** The shell in which this run drives the app; set by `scripts/e2e.ts`. */
export const SHELL: 'browser' | 'electron' = process.env['HEAPSCOPE_E2E_SHELL'] === 'electron' ? 'electron' : 'browser';

export function launchApp(browser: Browser | null, options: LaunchOptions): Promise<App> {
  const env = { ...ownEnvironment(options.data), ...options.env };
  const { words = [] } = options;
  return browser ? launchInBrowser(browser, env, words) : launchInElectron(env, words);
}

async function launchInBrowser(browser: Browser, env: NodeJS.ProcessEnv, words: string[]): Promise<App> {
  const server = new Running(['serve', '--port', '0', '--no-open', ...words], env);
  const address = (await server.says(/http:\/\/[\w.]+:\d+\/\?token=\w+/))[0];
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', colorScheme: 'light' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  await page.goto(address);
  const engine = await connectEngine(address);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    engine.close();
    await context.close();
    server.child.kill(signal);
    await server.ended;
  };
  return {
    page,
    engine,
    address,
    answerDialog: null,
    pid: server.child.pid ?? 0,
    close: () => end('SIGTERM'),
    kill: () => killFirst(server, context, engine),
  };
}

/** The window still exists when the engine dies. */
async function killFirst(server: Running, context: BrowserContext, engine: Engine): Promise<void> {
  server.child.kill('SIGKILL');
  await server.ended;
  engine.close();
  await context.close();
}

async function launchInElectron(env: NodeJS.ProcessEnv, words: string[]): Promise<App> {
  const isRoot = process.getuid?.() === 0;
  const strings = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const electron = await _electron.launch({
    executablePath: process.env['HEAPSCOPE_ELECTRON'],
    args: ['--disable-3d-apis', ...(isRoot ? ['--no-sandbox'] : []), ROOT, ...(words.length === 0 ? [] : ['--', ...words])],
    env: strings,
    locale: 'en-US',
    colorScheme: 'light',
  });
  const page = await electron.firstWindow();
  return {
    page,
    engine: engineOfWindow(page),
    address: null,
    answerDialog: (path) => answerDialog(electron, path),
    pid: electron.process().pid ?? 0,
    close: () => electron.close(),
    kill: () => killElectron(electron),
  };
}

/** A test cannot drive a native dialog: its answer is injected. */
async function answerDialog(electron: ElectronApplication, path: string): Promise<void> {
  await electron.evaluate(({ dialog }, answer) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [answer] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: answer });
  }, path);
}

async function killElectron(electron: ElectronApplication): Promise<void> {
  const ended = new Promise((resolve) => electron.process().once('exit', resolve));
  electron.process().kill('SIGKILL');
  await ended;
}

/** Through the window's own bridge; its ids are distinct from the window's. */
function engineOfWindow(page: Page): Engine {
  let lastId = 1_000_000;
  return makeEngine(
    (method, args) =>
      page.evaluate(
        ({ id, method, args }) => {
          const bridge = (window as Window & { heapscope?: Bridge }).heapscope;
          if (!bridge) throw new Error('no bridge');
          return bridge.call(id, method, args as never);
        },
        { id: ++lastId, method, args },
      ),
    () => undefined,
  );
}
