import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inRoot } from './paths.ts';

export type ElectronChoice = { found: true; executable: string } | { found: false; why: string };

const BINARY: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'electron',
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** Electron's binary, looked for without importing its package: that would try to download it. */
export function findElectron(): ElectronChoice {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? inRoot('node_modules', 'electron', 'dist');
  const executable = join(folder, BINARY[process.platform] ?? 'electron');
  if (!existsSync(executable)) return { found: false, why: "Electron's binary is not there (`npx install-electron` fetches it)" };
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return { found: false, why: hasXvfb() ? 'no display (start it by `xvfb-run npm run e2e:electron`)' : 'no display' };
  }
  return { found: true, executable };
}

function hasXvfb(): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, 'xvfb-run')));
}
