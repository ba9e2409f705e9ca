import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { isProjectHead, isProjectName, PROJECT_HEAD } from '../../src-preload/contract/index.ts';

/** Whether a path is a plain file; a pipe or a device would hold up whoever reads it. */
export function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false; // no leave to look
  }
}

/** Whether a path is a project: by its name, whether or not it is there, or by its content, whatever it is called. */
export function isDocument(path: string): boolean {
  return isProjectName(path) || isProjectHead(readHead(path));
}

/** Why a path that was given as a document cannot be one; null: its head is a project's. */
export function documentProblem(path: string): 'project.missing' | 'project.not-a-project' | null {
  if (!existsSync(path)) return 'project.missing';
  return isProjectHead(readHead(path)) ? null : 'project.not-a-project';
}

/** A first line that names an interpreter may be so long. */
const LINE = 512;
/** First bytes of what a system runs by itself: ELF, Mach-O (both orders, 32 and 64 bits, or several in one), Windows. */
const PROGRAMS = ['7f454c46', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', '4d5a'];

/** Whether a path is a program that Python cannot read as a script: compiled, or a script whose first line names another interpreter. */
export function isProgram(path: string): boolean {
  const head = Buffer.from(readHead(path, LINE));
  if (head.subarray(0, 2).toString('latin1') === '#!') return !/python|pypy/i.test(head.toString('latin1').split('\n')[0] ?? '');
  // A text may begin with "MZ"; it holds no NUL.
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
    // What cannot be read is not known to be a project; whoever opens it is told why.
  }
  return head;
}
