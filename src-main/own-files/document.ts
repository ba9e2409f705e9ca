import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isCutHead, isProjectHead, isProjectName, PROJECT_HEAD } from '../../src-preload/contract/index.ts';

/** Whether Python runs a path: a file, or a folder with a main program. */
export function isRunnable(path: string): boolean {
  return isFile(path) || isFile(join(path, '__main__.py'));
}

/** Whether a path is a regular file; a pipe or a device would block its reader. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false; // no permission
  }
}

/** Whether a path is a project: by its name, whether or not it is there, or by its content, whatever it is called. */
export function isDocument(path: string): boolean {
  return isProjectName(path) || isProjectHead(readHead(path));
}

/** Why a given path cannot be opened as a document; null: it begins like a project. */
export function documentProblem(path: string): 'project.missing' | 'project.not-a-project' | 'project.damaged' | null {
  if (!existsSync(path)) return 'project.missing';
  const head = readHead(path);
  if (isProjectHead(head)) return null;
  return isCutHead(head) ? 'project.damaged' : 'project.not-a-project';
}

/** Longest first line in which an interpreter is looked for. */
const LINE = 512;
/** First bytes of files that a system runs directly: ELF, Mach-O (both byte orders, 32 and 64 bits, or universal), Windows. */
const PROGRAMS = ['7f454c46', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', '4d5a'];

/** Whether a path is a program that Python cannot run as a script: compiled, or a script whose first line names another interpreter. */
export function isProgram(path: string): boolean {
  const head = Buffer.from(readHead(path, LINE));
  if (head.subarray(0, 2).toString('latin1') === '#!') return !/python|pypy/i.test(head.toString('latin1').split('\n')[0] ?? '');
  // A text may also begin with "MZ", but contains no NUL.
  return PROGRAMS.some((magic) => head.toString('hex').startsWith(magic)) && head.includes(0);
}

function readHead(path: string, bytes = PROJECT_HEAD): Uint8Array {
  const head = new Uint8Array(bytes);
  if (!isFile(path)) return head;
  try {
    const file = openSync(path, 'r');
    try {
      return head.subarray(0, readSync(file, head, 0, bytes, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    // An unreadable file is not known to be a project; the code that opens it reports why.
  }
  return head;
}
