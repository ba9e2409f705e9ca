import { readFileSync } from 'node:fs';
import { inRoot } from './paths.ts';

/** Numbers of the dump that the C core, the pure Python walk and the importer share, one group for each enumeration. */
export interface Group {
  /** As written in the languages: `NODE_FLAG`. */
  readonly name: string;
  /** One line for readers of the generated file. */
  readonly what: string;
  /** In camel case: `staticTypes`. */
  readonly values: Readonly<Record<string, number>>;
}

/** A file that is generated from the table and committed. */
interface GeneratedFile {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
}

const TABLE = 'python-agent/dump-format.json';
const NOTICE = `Written by \`npm run dump-format\` from ${TABLE}; DUMP.md says what each means.`;

export function readTable(): Group[] {
  return JSON.parse(readFileSync(inRoot(TABLE), 'utf8')) as Group[];
}

export function generatedFiles(groups: readonly Group[]): GeneratedFile[] {
  return [
    { path: 'python-agent/native/base/dump_format.h', text: inC(groups) },
    { path: 'python-agent/heapscope_agent/heap/labels.py', text: inPython(groups) },
    { path: 'src-main/engine/heap/dump-numbers.ts', text: inTypeScript(groups) },
  ];
}

/** Problems of the current generated files; `read` returns null if there is none. */
export function checkGenerated(files: readonly GeneratedFile[], read: (path: string) => string | null): string[] {
  return files
    .filter(({ path, text }) => read(path) !== text)
    .map(({ path }) => `${path} is not what ${TABLE} says: run \`npm run dump-format\``);
}

function inC(groups: readonly Group[]): string {
  const blocks = groups.map(({ name, what, values }) => {
    const lines = Object.entries(values).map(([key, value]) => `    ${name}_${upper(key)} = ${value},`);
    return [`/* ${what} */`, 'enum {', ...lines, '};'].join('\n');
  });
  const guard = 'HEAPSCOPE_BASE_DUMP_FORMAT_H';
  return `/* Numbers of the dump. ${NOTICE} */\n#ifndef ${guard}\n#define ${guard}\n\n${blocks.join('\n\n')}\n\n#endif\n`;
}

function inPython(groups: readonly Group[]): string {
  const blocks = groups.map(({ name, what, values }) => {
    const lines = Object.entries(values).map(([key, value]) => `${name}_${upper(key)} = ${value}`);
    return [`# ${what}`, ...lines].join('\n');
  });
  return `"""Numbers of the dump. ${NOTICE}"""\n\n${blocks.join('\n\n')}\n`;
}

function inTypeScript(groups: readonly Group[]): string {
  const blocks = groups.map(({ name, what, values }) => {
    const lines = Object.entries(values).map(([key, value]) => `  ${key}: ${value},`);
    return [`/** ${what} */`, `export const ${name} = {`, ...lines, '} as const;'].join('\n');
  });
  return `/** Numbers of the dump. ${NOTICE} */\n\n${blocks.join('\n\n')}\n`;
}

const upper = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
