/**
 * `npm run bench`: every benchmark, one after the other, each printing its figures beside their budget. `--quick` is passed on (small
 * sizes, few rounds); other arguments select benchmarks by part of their file's name.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { inRoot, root } from './lib/paths.ts';

const quick = process.argv.includes('--quick');
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
const python = process.env['HEAPSCOPE_PYTHON'] ?? (process.platform === 'win32' ? 'python' : 'python3');

function list(folder: string, pattern: RegExp, command: string): { file: string; command: string }[] {
  const files = readdirSync(inRoot(folder))
    .filter((name) => pattern.test(name))
    .sort();
  return files.map((name) => ({ file: `${folder}/${name}`, command }));
}

const all = [
  ...list('src-main/bench', /-bench\.ts$/, process.execPath),
  ...list('e2e/bench', /-bench\.ts$/, process.execPath),
  ...list('python-agent/tests', /^bench_.*\.py$/, python),
];
const chosen = all.filter(({ file }) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
if (chosen.length === 0) throw new Error(`no benchmark is called so; there are:\n${all.map(({ file }) => file).join('\n')}`);

const broken = chosen.filter(({ file, command }) => {
  console.log(`\n== ${file}`);
  const run = spawnSync(command, [inRoot(file), ...(quick ? ['--quick'] : [])], { cwd: root, stdio: 'inherit' });
  return run.status !== 0;
});
for (const { file } of broken) console.error(`${file} failed`);
process.exitCode = broken.length ? 1 : 0;
