import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inRoot } from './paths.ts';

const INSTALLER = inRoot('node_modules', 'electron', 'install.js');

/** Downloads Electron's binary, which its package leaves to its first use. Returns whether it is there, and if not, why. */
export function fetchElectron(limitMs: number): string | null {
  if (!existsSync(INSTALLER)) return 'the electron package is not installed';
  const result = spawnSync(process.execPath, [INSTALLER], { timeout: limitMs, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (result.status === 0) return null;
  return result.status === null ? `not fetched within ${limitMs / 1000} s` : (firstLine(result.stderr) ?? 'the download failed');
}

/** The error without its stack. */
function firstLine(text: string): string | null {
  return (
    text
      .split('\n')
      .find((line) => /error/i.test(line))
      ?.trim() ?? null
  );
}
