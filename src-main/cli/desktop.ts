import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';

export interface Machine {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  isRoot: boolean;
  exists: (path: string) => boolean;
}

export const thisMachine = (): Machine => ({
  platform: process.platform,
  env: process.env,
  isRoot: process.getuid?.() === 0,
  exists: existsSync,
});

export type Desktop = { found: true; executable: string } | { found: false; missing: boolean; why: string };

const BINARY: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'electron',
  darwin: join('Electron.app', 'Contents', 'MacOS', 'Electron'),
  win32: 'electron.exe',
};

/** Whether Electron can show the window here. Checked without importing its package, which would download Electron. */
export function findDesktop(copy: string, machine: Machine): Desktop {
  const screen = screenProblem(machine);
  if (screen !== null) return { found: false, missing: false, why: screen };
  if (machine.platform === 'linux' && machine.isRoot) {
    return { found: false, missing: false, why: 'Electron does not run as root (it would need --no-sandbox)' };
  }
  const folder = machine.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(copy, 'node_modules', 'electron', 'dist');
  const executable = join(folder, BINARY[machine.platform] ?? 'electron');
  if (machine.exists(executable)) return { found: true, executable };
  return { found: false, missing: true, why: "Electron's binary is not there (npx install-electron fetches it)" };
}

/** Why no window can be shown here; null: one can. */
export function screenProblem({ platform, env }: Pick<Machine, 'platform' | 'env'>): string | null {
  if (env.SSH_CONNECTION || env.SSH_TTY) return 'this is an SSH session';
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display';
  return null;
}

/** Opens an address in the default browser; returns whether a program accepted it. */
export function openInBrowser(url: string, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  const [command, args]: [string, string[]] =
    platform === 'darwin'
      ? ['open', [url]]
      : platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
        : ['xdg-open', [url]];
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
    // A browser that is not running yet may stay in the foreground of the process that opens it.
    setTimeout(() => resolve(true), 3000).unref();
    child.unref();
  });
}

/** Runs the desktop app; settles with its exit status. `--` keeps Chromium from interpreting the program's options as its own. */
export function runDesktop(executable: string, copy: string, words: readonly string[]): Promise<number> {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(executable, [copy, '--', ...words], { stdio: 'inherit', env });
    const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, forward);
    child.once('error', reject);
    child.once('exit', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, forward);
      resolve(code ?? 1);
    });
  });
}
