import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const MAX_LINES = 400;
const MAX_SIZE = 2 * 1024 * 1024;

/** Files that git tracks or would add, from the repository's root, with `/`. */
export function repositoryFiles(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return listed.split('\0').filter((path) => path && statSync(join(root, path), { throwIfNoEntry: false })?.isFile());
}

/** What no tracked text may contain, as a pattern and the reason. Written in pieces, or this file would break its own rule. */
export function forbiddenTexts(root: string, home: string): { pattern: RegExp; why: string }[] {
  const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const places = [root, home].filter((path) => path.length > 4).map((path) => `${escape(path)}(?![\\w-])`);
  const machines = ['work', 'root', 'farm'].map((name) => `/${name}/(?=\\w)`);
  const hosts = [
    'registry\\.(?:npmjs|yarnpkg)',
    'npmmirror',
    'pypi',
    'files\\.pythonhosted',
    'deb\\.debian',
    'proxy\\.golang',
    'crates',
  ].map((name) => `${name}\\.(?:org|com|io)\\b`);
  return [
    { pattern: new RegExp(`(?<![\\w.~*$}/-])(?:${[...places, ...machines].join('|')})`), why: 'a path of one machine' },
    { pattern: new RegExp(`(?:${hosts.join('|')})`, 'i'), why: "a package registry's host" },
  ];
}

/** Problems of the repository as a whole, each ready to print. */
export function checkRepository(root: string): string[] {
  const forbidden = forbiddenTexts(root, homedir());
  return repositoryFiles(root).flatMap((path) => {
    const bytes = readFileSync(join(root, path));
    if (bytes.length > MAX_SIZE) return [`${path} has ${bytes.length} bytes: too large for the repository`];
    return bytes.includes(0) ? [] : checkText(path, bytes.toString('utf8'), forbidden);
  });
}

/** Problems of one text file. */
export function checkText(path: string, text: string, forbidden: { pattern: RegExp; why: string }[]): string[] {
  const lines = text.split('\n');
  const problems = lines.flatMap((line, index) =>
    forbidden.flatMap(({ pattern, why }) => {
      const match = pattern.exec(line);
      return match ? [`${path}:${index + 1} holds ${why}: ${match[0]}`] : [];
    }),
  );
  if (/\.(py|c|h)$/.test(path) && lines.length - 1 > MAX_LINES)
    problems.push(`${path} has ${lines.length - 1} lines; ${MAX_LINES} at the most`);
  return problems;
}
