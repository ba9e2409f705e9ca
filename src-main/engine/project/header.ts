import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { HeapscopeError, messageOf, systemCode } from '../base/errors.ts';
import { APPLICATION_ID } from './schema.ts';
import { FORMAT_VERSION } from './upgraders.ts';

const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
const HEADER = 100;
const USER_VERSION_AT = 60;
const APPLICATION_ID_AT = 68;

/** The bytes are not an intact project; salvage may recover some of it. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
}

/** Identifies the file by its first bytes, without SQLite: a newer or a foreign file is not touched at all. */
export function checkHeader(path: string, supported: number): number {
  const header = readHeader(path);
  if (header.length < MAGIC.length || !header.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new HeapscopeError('project.not-a-project', { path, detail: header.length === 0 ? 'empty' : 'header' });
  }
  if (header.length < HEADER) throw new DamagedFile('cut short in the header');
  if (header.readUInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID)
    throw new HeapscopeError('project.not-a-project', { path, detail: 'application id' });
  const version = header.readUInt32BE(USER_VERSION_AT);
  if (version > supported) throw new HeapscopeError('project.newer', { path, version, supported });
  if (version < 1) throw new DamagedFile('version 0');
  return version;
}

/** Whether a file is a project according to its first bytes, of any version and state; not to be used on an open one (`claimPath`). */
export function hasProjectHeader(path: string): boolean {
  try {
    checkHeader(path, Infinity);
    return true;
  } catch (thrown) {
    return !(thrown instanceof HeapscopeError) || thrown.code === 'file.forbidden';
  }
}

/** The version of a damaged file; an invalid one is treated as the newest. */
export function versionInHeader(path: string): number {
  const header = readHeader(path);
  const version = header.length < HEADER ? 0 : header.readUInt32BE(USER_VERSION_AT);
  return version >= 1 && version <= FORMAT_VERSION ? version : FORMAT_VERSION;
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(HEADER);
  try {
    if (!statSync(path).isFile()) return Buffer.alloc(0);
    const file = openSync(path, 'r');
    try {
      return header.subarray(0, readSync(file, header, 0, HEADER, 0));
    } finally {
      closeSync(file);
    }
  } catch (thrown) {
    const code = systemCode(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new HeapscopeError('project.missing', { path }, thrown);
    throw code === null ? thrown : new HeapscopeError('file.forbidden', { path, detail: messageOf(thrown) }, thrown);
  }
}
