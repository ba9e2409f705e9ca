/** Electron entry: builds the desktop app. An awaited `whenReady` at the top would deadlock, since Electron waits for this module. */
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { app } from 'electron';
import type { AppInfo } from '../src-preload/contract/index.ts';
import { messageOf } from './engine/base/errors.ts';
import { silentLog, stderrLog } from './engine/base/log.ts';
import { createEngine } from './engine/index.ts';
import { quoteWord } from './engine/targets/index.ts';
import { dataFolder, findPlaces } from './own-files/places.ts';
import { startRequest, type StartRequest } from './own-files/start-request.ts';
import { createRouter } from './rpc/index.ts';
import { wordsOf } from './shell/argv.ts';
import { DesktopApp, pageOrigin } from './shell/desktop-app.ts';
import { showStartFailure } from './shell/dialogs.ts';
import { harden } from './shell/hardening.ts';
import { registerPageScheme } from './shell/page-protocol.ts';
import { wordsFor } from './shell/words.ts';

const log = app.isPackaged && !process.env.HEAPSCOPE_LOG ? silentLog : stderrLog;
const places = findPlaces(app.isPackaged ? process.resourcesPath : null);
const data = dataFolder(process.env, process.platform);
const words = wordsOf(process.argv, app.isPackaged);
const cwd = process.env.INIT_CWD ?? process.cwd();

// One instance for one data folder: Electron's lock is in its user data, which is therefore there.
app.setPath('userData', join(data, 'electron'));
app.enableSandbox();
app.setAppUserModelId('org.heapscope.app');
registerPageScheme();
harden(pageOrigin);

if (app.requestSingleInstanceLock({ words, cwd })) begin();
else app.quit();

function begin(): void {
  let desktop: DesktopApp | null = null;
  let start = read(words, cwd);
  // macOS tells of a double-clicked file before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    const request = { open: path, record: null };
    if (desktop === null) start = request;
    else desktop.open(request);
  });
  const stop = async (): Promise<void> => {
    await desktop?.end();
    app.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
  const boot = async (): Promise<void> => {
    desktop = await makeDesktop(() => start);
    await desktop.run();
  };
  void app
    .whenReady()
    .then(boot)
    .catch((thrown: unknown) => {
      log.warn('starting', thrown);
      showStartFailure(wordsFor('system', app.getPreferredSystemLanguages()), messageOf(thrown));
      app.exit(1);
    });
}

async function makeDesktop(start: () => StartRequest): Promise<DesktopApp> {
  const engine = await createEngine({ dataFolder: data, agentFolder: places.agent, samplesFolder: places.samples, log });
  const router = createRouter(engine, { info: () => info(desktop.takeStart()), log });
  const desktop: DesktopApp = new DesktopApp({
    router,
    places,
    dataFolder: data,
    log,
    read,
    start: start(),
    dispose: () => engine.dispose(),
  });
  return desktop;
}

function info(start: StartRequest): AppInfo {
  const platform = ['linux', 'darwin', 'win32'].includes(process.platform) ? (process.platform as AppInfo['platform']) : 'other';
  return { version: places.version, shell: 'electron', platform, home: homedir(), cwd, separator: sep, start };
}

function read(given: readonly string[], from: string): StartRequest {
  return startRequest(given, {
    cwd: from,
    quote: quoteWord,
    isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  });
}
