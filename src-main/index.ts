/** Electron entry: builds the desktop app. An awaited `whenReady` at the top would deadlock, since Electron waits for this module. */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { app } from 'electron';
import type { AppInfo } from '../src-preload/contract/index.ts';
import { messageOf, outliveReaders, silentLog, stderrLog } from './engine/faces/base.ts';
import { quoteWord } from './engine/faces/launch.ts';
import { createEngine } from './engine/index.ts';
import { isDocument, isProgram, isRunnable } from './own-files/document.ts';
import { dataFolder, findPlaces } from './own-files/places.ts';
import { NOTHING_ASKED, startRequest, type StartRequest, type StartWords } from './own-files/start-request.ts';
import { createRouter } from './rpc/index.ts';
import { isForked, readSecondStart, wordsOf } from './shell/argv.ts';
import { DesktopApp, pageOrigin } from './shell/desktop-app.ts';
import { showStartFailure } from './shell/dialogs.ts';
import { harden } from './shell/hardening.ts';
import { registerPageScheme } from './shell/page-protocol.ts';
import { StartInbox } from './shell/start-inbox.ts';
import { onSystemEnd } from './shell/system-end.ts';
import { wordsFor } from './shell/words.ts';

const log = app.isPackaged && !process.env.HEAPSCOPE_LOG ? silentLog : stderrLog;
const places = findPlaces(app.isPackaged ? process.resourcesPath : null);
const data = dataFolder(process.env, process.platform);
const words = wordsOf(process.argv, app.isPackaged);
const cwd = process.env.INIT_CWD ?? process.cwd();
if (log === stderrLog) outliveReaders([process.stdout, process.stderr]);

// Before taking the lock: the first instance must not be told of it.
if (isForked(process.argv, process.env)) app.exit(0);
else guarded(start);

function start(): void {
  // One instance per data folder: Electron's lock is in its user-data folder, which is therefore placed there; it must exist.
  const userData = join(data, 'electron');
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  app.setPath('userData', userData);
  app.enableSandbox();
  app.setAppUserModelId('org.heapscope.app');
  registerPageScheme();
  harden(pageOrigin);
  if (app.requestSingleInstanceLock({ ...words, cwd })) begin();
  else app.quit();
}

function begin(): void {
  const inbox = new StartInbox(read(words, cwd));
  // macOS reports a double-clicked file before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    inbox.put({ open: [path], record: null });
  });
  // The engine takes a while to start; a second start may come in between.
  app.on('second-instance', (_event, _argv, _folder, told) => {
    const second = readSecondStart(told);
    inbox.put(second === null ? NOTHING_ASKED : read(second, second.cwd));
  });
  const boot = async (): Promise<void> => {
    const ended = onSystemEnd(log);
    const desktop = await makeDesktop(inbox.take());
    ended.hand(() => desktop.end());
    await desktop.run();
    inbox.hand((request) => desktop.open(request));
  };
  void app.whenReady().then(boot).catch(failed);
}

function guarded(work: () => void): void {
  try {
    work();
  } catch (thrown) {
    failed(thrown);
  }
}

function failed(thrown: unknown): void {
  log.warn('starting', thrown);
  showStartFailure(wordsFor('system', app.getPreferredSystemLanguages()), messageOf(thrown));
  app.exit(1);
}

async function makeDesktop(first: StartRequest): Promise<DesktopApp> {
  const engine = await createEngine({ dataFolder: data, agentFolder: places.agent, samplesFolder: places.samples, log });
  const router = createRouter(engine, { info: () => info(desktop.takeStart()), log });
  const desktop: DesktopApp = new DesktopApp({ router, places, dataFolder: data, log, start: first, dispose: () => engine.dispose() });
  return desktop;
}

/** A file manager starts us in the folder of an untrusted file: we do not search for interpreters there, since a search starts them. */
function info(start: StartRequest): AppInfo {
  const platform = ['linux', 'darwin', 'win32'].includes(process.platform) ? (process.platform as AppInfo['platform']) : 'other';
  const from = words.from === 'desktop' ? homedir() : cwd;
  return { version: places.version, shell: 'electron', platform, home: homedir(), cwd: from, separator: sep, start };
}

function read(given: StartWords, from: string): StartRequest {
  return startRequest(given, { cwd: from, quote: quoteWord, isRunnable, isProgram, isDocument });
}
