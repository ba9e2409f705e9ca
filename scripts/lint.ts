/**
 * `npm run lint`: rooms, circles, READMEs, generated files, repository, Prettier, knip, ESLint; all of them, then one verdict. Arguments go
 * to ESLint (`--fix`). ESLint's cache depends on each file's own content; a rule that needs the types of another file can be stale after
 * that file changed, so CI (no cache) is authoritative, as is `--no-cache` here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkCircles } from './lib/circle-check.ts';
import { checkGenerated, generatedFiles, readTable } from './lib/dump-format.ts';
import { checkRepository, repositoryFiles } from './lib/repository-check.ts';
import { checkReadmes } from './lib/readme-check.ts';
import { checkRooms } from './lib/room-check.ts';
import { root } from './lib/paths.ts';
import { runTool } from './lib/tools.ts';
import type { SourceFile } from './lib/room-check.ts';
import { RULES } from './rooms.ts';

function report(what: string, problems: readonly string[]): boolean {
  for (const problem of problems) console.error(problem);
  console.log(problems.length ? `${what}: ${problems.length} to mend` : `${what}: in order`);
  return problems.length === 0;
}

function sources(): SourceFile[] {
  const paths = repositoryFiles(root).filter((path) => /\.(ts|mjs|vue|py|c|h)$/.test(path));
  const files = paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  if (files.length === 0) throw new Error('no source files found: is this a git checkout?');
  return files;
}

function rooms(all: readonly SourceFile[]): boolean {
  const files = all.filter(({ path }) => /^(src-|python-agent\/(heapscope_agent|native)\/).*\.(ts|vue|py|c|h)$/.test(path));
  return report(`rooms (${files.length} files)`, checkRooms(files, RULES));
}

function circles(all: readonly SourceFile[]): boolean {
  return report(`circles (${all.length} files)`, checkCircles(all));
}

function readmes(): boolean {
  const texts = /(^|\/)README\.md$|^package\.json$/;
  const files = repositoryFiles(root).map((path) => ({ path, text: texts.test(path) ? readFileSync(join(root, path), 'utf8') : '' }));
  return report('READMEs', checkReadmes(files, RULES));
}

function generated(all: readonly SourceFile[]): boolean {
  const files = generatedFiles(readTable());
  const texts = new Map(all.map(({ path, text }) => [path, text]));
  return report(
    `generated (${files.length} files)`,
    checkGenerated(files, (path) => texts.get(path) ?? null),
  );
}

function eslint(args: string[]): boolean {
  const cache =
    process.env['CI'] || args.includes('--no-cache')
      ? []
      : ['--cache', '--cache-strategy', 'content', '--cache-location', '.cache/eslint/'];
  const rest = args.filter((arg) => arg !== '--no-cache');
  const code = runTool('eslint/bin/eslint.js', ['--max-warnings', '0', ...cache, ...rest, '.']);
  console.log(code === 0 ? 'eslint: in order' : 'eslint: to mend');
  return code === 0;
}

function prettier(): boolean {
  const cache = process.env['CI'] ? [] : ['--cache', '--cache-location', '.cache/prettier'];
  const code = runTool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', ...cache, '.']);
  console.log(code === 0 ? 'prettier: in order' : 'prettier: to mend (`npx prettier --write .`)');
  return code === 0;
}

/** Exports, files and dependencies that nothing uses. */
function dead(): boolean {
  const code = runTool('knip/bin/knip.js', ['--no-progress', '--treat-config-hints-as-errors']);
  console.log(code === 0 ? 'knip: in order' : 'knip: to mend');
  return code === 0;
}

const all = sources();
const verdicts = [
  rooms(all),
  circles(all),
  readmes(),
  generated(all),
  report('repository', checkRepository(root)),
  prettier(),
  dead(),
  eslint(process.argv.slice(2)),
];
process.exitCode = verdicts.every(Boolean) ? 0 : 1;
