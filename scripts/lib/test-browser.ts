import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A browser for the end-to-end tests, or why there is none. */
export type BrowserChoice =
  { found: true; /** null: the one that Playwright brought. */ executable: string | null; how: string } | { found: false; why: string };

/** What the search needs from the machine; a test gives another machine. */
export interface Machine {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  isRoot: boolean;
  exists(path: string): boolean;
  /** Path of Playwright's own Chromium, whether or not it exists. */
  playwrightBrowser(): string;
  /** Runs a command to its end with its output shown; true: it succeeded. */
  run(command: string, args: string[]): boolean;
}

const ON_PATH = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge', 'microsoft-edge-stable'];
const ON_MACOS = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
const ON_WINDOWS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/** Named by hand, else installed, else Playwright's own, else installed now (Debian, as root). */
export function findBrowser(machine: Machine): BrowserChoice {
  const named = machine.env['HEAPSCOPE_BROWSER'];
  if (named) {
    if (!machine.exists(named)) throw new Error(`HEAPSCOPE_BROWSER names ${named}, which is not there`);
    return { found: true, executable: named, how: 'named by HEAPSCOPE_BROWSER' };
  }
  const installed = candidates(machine).find((path) => machine.exists(path));
  if (installed) return { found: true, executable: installed, how: 'installed' };
  if (machine.exists(machine.playwrightBrowser())) return { found: true, executable: null, how: "Playwright's own" };
  return installOnDebian(machine);
}

function candidates(machine: Machine): string[] {
  if (machine.platform === 'darwin') return ON_MACOS;
  if (machine.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => machine.env[name] ?? []);
    return roots.flatMap((root) => ON_WINDOWS.map((path) => `${root}\\${path}`));
  }
  const folders = (machine.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return ON_PATH.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function installOnDebian(machine: Machine): BrowserChoice {
  const none = 'no Chrome, Chromium or Edge is installed (HEAPSCOPE_BROWSER can name one, `npx playwright install chromium` can fetch one';
  if (machine.platform !== 'linux' || !machine.exists('/etc/debian_version') || !machine.isRoot) return { found: false, why: `${none})` };
  console.log('No browser found: installing Debian’s chromium');
  const installed =
    machine.run('apt-get', ['-qq', 'update']) && machine.run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', 'chromium']);
  const path = candidates(machine).find((each) => machine.exists(each));
  if (!installed || !path) return { found: false, why: `${none}; apt-get could not install it either)` };
  return { found: true, executable: path, how: 'installed just now' };
}

/** This machine. */
export async function thisMachine(): Promise<Machine> {
  const { chromium } = await import('@playwright/test');
  return {
    platform: process.platform,
    env: process.env,
    isRoot: process.getuid?.() === 0,
    exists: isRunnable,
    playwrightBrowser: () => chromium.executablePath(),
    run: (command, args) =>
      spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0,
  };
}

function isRunnable(path: string): boolean {
  if (process.platform === 'win32' || path.startsWith('/etc/')) return existsSync(path);
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What Playwright disables, of the features that matter here: Chromium reads the last `--disable-features` and no other. */
const DISABLED_BY_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
];
/** The address bar's suggestions are a page of 400 scripts, which each new window loads unseen: a second of computing per test. */
const ADDRESS_BAR = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

/**
 * Chromium's sandbox needs a user other than root; without WebGL the terminal's text is in the page; the other options keep it off the
 * network.
 */
export function browserFlags(isRoot: boolean): string[] {
  const quiet = [
    '--disable-3d-apis',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--disable-features=${[...DISABLED_BY_PLAYWRIGHT, ...ADDRESS_BAR].join(',')}`,
  ];
  return isRoot ? ['--no-sandbox', ...quiet] : quiet;
}
