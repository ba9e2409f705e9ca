/**
 * How to recognise a project file. It is recognised by its content, since a file can have any name; the name alone is sufficient too, so
 * that a broken project is refused as a project and never taken for a program.
 */

/** This many bytes are sufficient. */
export const PROJECT_HEAD = 72;

const SQLITE = [...'SQLite format 3\0'].map((char) => char.charCodeAt(0));
/** "HPSC", at the place of SQLite's application id. */
const SIGN = [0x48, 0x50, 0x53, 0x43];
const SIGN_AT = 68;

export function isProjectHead(head: Uint8Array): boolean {
  return isDatabase(head) && SIGN.every((byte, at) => head[SIGN_AT + at] === byte);
}

/** A database that ends before its sign: a file cut short, which the engine takes for a damaged project. */
export function isCutHead(head: Uint8Array): boolean {
  return head.length < PROJECT_HEAD && isDatabase(head);
}

function isDatabase(head: Uint8Array): boolean {
  return SQLITE.every((byte, at) => head[at] === byte);
}

export function isProjectName(name: string): boolean {
  return /\.heapscope$/i.test(name);
}

/** A script, or an application in a zip file, which Python runs like one. */
export function isScriptName(name: string): boolean {
  return /\.py(w|z|zw)?$/i.test(name);
}
