/**
 * `npm run e2e`: the whole app, driven by Playwright in a browser, or with `--electron` in Electron itself.
 * Other arguments go to Playwright: `npm run e2e -- timeline -g brush`, `npm run e2e -- --headed`.
 */
import { verdict } from './lib/test-report.ts';
import { runBrowser, runElectron } from './lib/test-suites.ts';
import { buildIfStale } from './lib/tools.ts';

const args = process.argv.slice(2).filter((arg) => arg !== '--electron');
const inElectron = process.argv.includes('--electron');

if (!buildIfStale()) throw new Error('the build failed');
const result = inElectron ? runElectron(args) : await runBrowser(args);
const { lines, ok } = verdict([result], Boolean(process.env['CI']) && !inElectron);
console.log(lines.join('\n'));
process.exitCode = ok ? 0 : 1;
