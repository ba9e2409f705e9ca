/**
 * `npm run package`: packages for this platform into `dist/` (Linux: AppImage, deb; macOS: dmg; Windows: installer), or the reason why it
 * cannot. Arguments go to electron-builder: `npm run package -- --linux deb`.
 */
import { existsSync } from 'node:fs';
import { fetchElectron } from './lib/electron-binary.ts';
import { inRoot } from './lib/paths.ts';
import { runInTerminal } from './lib/run.ts';

const FETCH_LIMIT_MS = 300_000;
const BUILDER = inRoot('node_modules', 'electron-builder', 'cli.js');

function cannot(why: string): number {
  process.stderr.write(`heapscope: no package was made: ${why}\n`);
  return 1;
}

async function main(args: readonly string[]): Promise<number> {
  if (!existsSync(BUILDER)) return cannot('electron-builder is not installed; run npm ci without --omit=dev');
  if (args.includes('--mac') && process.platform !== 'darwin') return cannot('packages for macOS are made on macOS');
  const built = await runInTerminal(process.execPath, [inRoot('scripts', 'build.ts')]);
  if (built !== 0) return built;
  const problem = fetchElectron(FETCH_LIMIT_MS);
  if (problem !== null) return cannot(`Electron's binary could not be fetched (${problem})`);
  return await runInTerminal(process.execPath, [BUILDER, '--config', inRoot('electron-builder.yml'), '--publish', 'never', ...args]);
}

process.exitCode = await main(process.argv.slice(2));
