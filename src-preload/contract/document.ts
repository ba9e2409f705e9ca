/**
 * What a project file looks like from outside. It is known by what is in it, since anybody may call anything anything; its
 * name alone is enough too, so that a broken one is refused as a project and never taken for a program.
 */

/** So many bytes of a file tell. */
export const PROJECT_HEAD = 72;

const SQLITE = [...'SQLite format 3\0'].map((char) => char.charCodeAt(0));
/** "HPSC", where SQLite keeps an application's own sign. */
const SIGN = [0x48, 0x50, 0x53, 0x43];
const SIGN_AT = 68;

export function isProjectHead(head: Uint8Array): boolean {
  return SQLITE.every((byte, at) => head[at] === byte) && SIGN.every((byte, at) => head[SIGN_AT + at] === byte);
}

export function isProjectName(name: string): boolean {
  return /\.heapscope$/i.test(name);
}

export function isScriptName(name: string): boolean {
  return /\.pyw?$/i.test(name);
}
