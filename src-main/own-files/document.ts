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

function readHead(path: string): Uint8Array {
  const head = new Uint8Array(PROJECT_HEAD);
  if (!isFile(path)) return head;
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, head, 0, PROJECT_HEAD, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    // What cannot be read is not known to be a project; whoever opens it is told why.
  }
  return head;
}
