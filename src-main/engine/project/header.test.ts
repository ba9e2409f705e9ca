import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkHeader, DamagedFile, hasProjectHeader, versionInHeader } from './header.ts';
import { claimed, claimPath } from './open-paths.ts';
import { APPLICATION_ID } from './schema.ts';
import { FORMAT_VERSION } from './upgraders.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-header-'));
  path = join(folder, 'a.heapscope');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file that begins as a project of this version does, so many bytes of it. */
function write(version: number, length = 100, application = APPLICATION_ID): string {
  const header = Buffer.alloc(Math.max(100, length));
  header.write('SQLite format 3\0', 'latin1');
  header.writeUInt32BE(version, 60);
  header.writeUInt32BE(application, 68);
  writeFileSync(path, header.subarray(0, length));
  return path;
}

describe('what a file is by its first bytes', () => {
  it('is a project of a version that is known, from the first to the newest', () => {
    expect([1, 2, 3].map((version) => checkHeader(write(version), 3))).toEqual([1, 2, 3]);
    expect(checkHeader(write(1, 5000), 3)).toBe(1);
    expect(() => checkHeader(write(4), 3)).toThrowError(
      expect.objectContaining({ code: 'project.newer', facts: { path, version: 4, supported: 3 } }),
    );
    expect(() => checkHeader(write(0), 3)).toThrow(DamagedFile);
  });

  it('is a damaged project where the header is cut, and none where not even its first words are there, or another’s sign is', () => {
    for (const length of [16, 99]) expect(() => checkHeader(write(1, length), 3)).toThrow(DamagedFile);
    const refusals = [() => write(1, 15), () => write(1, 0), () => write(1, 100, APPLICATION_ID + 1)].map((make) => {
      try {
        return checkHeader(make(), 3);
      } catch (thrown) {
        return (thrown as { facts: unknown }).facts;
      }
    });
    expect(refusals).toEqual(['header', 'empty', 'application id'].map((detail) => ({ path, detail })));
  });

  it('is nothing where there is none, and no project where it is a folder', () => {
    expect(() => checkHeader(join(folder, 'gone'), 3)).toThrow('project.missing');
    expect(() => checkHeader(join(write(1), 'within'), 3)).toThrow('project.missing');
    expect(() => checkHeader(folder, 3)).toThrow('project.not-a-project');
  });

  it('counts as a project of ours whatever its version or state', () => {
    for (const make of [() => write(1), () => write(99), () => write(0), () => write(1, 50)]) expect(hasProjectHeader(make())).toBe(true);
    for (const make of [() => write(1, 10), () => write(1, 100, 7), () => join(folder, 'gone')])
      expect(hasProjectHeader(make())).toBe(false);
  });

  it('has a version for whoever salvages it: its own, or the newest where that makes no sense', () => {
    expect([1, FORMAT_VERSION].map((version) => versionInHeader(write(version)))).toEqual([1, FORMAT_VERSION]);
    expect([0, FORMAT_VERSION + 1].map((version) => versionInHeader(write(version)))).toEqual([FORMAT_VERSION, FORMAT_VERSION]);
    expect(versionInHeader(write(1, 99))).toBe(FORMAT_VERSION);
  });
});

describe('a path that is open', () => {
  it('is refused to the next, by a link too, until it is let go', () => {
    write(1);
    symlinkSync(path, join(folder, 'link'));
    const claim = claimPath(path);
    for (const again of [path, join(folder, 'link')]) expect(() => claimPath(again)).toThrow('project.in-use');
    claimPath(join(folder, 'other')).dispose();
    claim.dispose();
    claimPath(join(folder, 'link')).dispose();
  });

  it('that is not there yet is known by where its folder is', () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    const claim = claimPath(join(folder, 'link', 'new'));
    expect(() => claimPath(join(folder, 'real', 'new'))).toThrow('project.in-use');
    claim.dispose();
  });

  it('is let go where what it was claimed for fails, and only there', () => {
    expect(() =>
      claimed(path, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    const claim = claimed(path, (own) => own);
    expect(() => claimPath(path)).toThrow('project.in-use');
    claim.dispose();
  });
});
