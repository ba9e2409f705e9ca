/**
 * `npm start`: the app with the leaky sample recording. `npm start -- [--browser] [--port n] [script.py args…]`: with that program, or that
 * .heapscope file. Builds first if a source is newer. If Electron's binary is missing and there is a display, it is downloaded once;
 * otherwise the window opens in the browser, and one line says why.
 */
import { findDesktop, thisMachine } from '../src-main/cli/desktop.ts';
import { fetchElectron } from './lib/electron-binary.ts';
import { inRoot, root } from './lib/paths.ts';
import { runInTerminal } from './lib/run.ts';
import { splitStartWords } from './lib/start-words.ts';

const FETCH_LIMIT_MS = 60_000;
const SAMPLE = inRoot('resources', 'samples', 'leaky_service.py');

/** Only if its absence is the only obstacle. */
function fetchWhereItHelps(): void {
  const desktop = findDesktop(root, thisMachine());
  if (desktop.found || !desktop.missing) return;
  process.stderr.write('heapscope: fetching Electron (once)…\n');
  const problem = fetchElectron(FETCH_LIMIT_MS);
  if (problem !== null) process.stderr.write(`heapscope: Electron could not be fetched (${problem})\n`);
}

async function main(): Promise<number> {
  const { options, target } = splitStartWords(process.argv.slice(2));
  const built = await runInTerminal(process.execPath, [inRoot('scripts', 'build.ts'), '--if-stale']);
  if (built !== 0) return built;
  if (!options.includes('--browser')) fetchWhereItHelps();
  const words = target.length === 0 ? [SAMPLE] : target;
  return await runInTerminal(process.execPath, [inRoot('out', 'main', 'headless.js'), 'open', ...options, '--', ...words]);
}

process.exitCode = await main();
