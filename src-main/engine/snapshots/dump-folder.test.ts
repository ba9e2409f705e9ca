import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import { DumpFolder, freeSpace } from './dump-folder.ts';

const HOUR = 3600_000;
const DAY = 24 * HOUR;

let data: string;
beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'heapscope-dumps-'))));
afterEach(() => rmSync(data, { recursive: true, force: true }));

describe('the folder of dumps', () => {
  it('that cannot be made is with the temporary files', () => {
    writeFileSync(join(data, 'dumps'), 'in the way');
    const folder = new DumpFolder(data, silentLog);
    expect(folder.path).toContain(join(tmpdir(), 'heapscope-dumps-'));
    folder.dispose();
    expect(existsSync(folder.path!)).toBe(false);
    expect(folder.forSession()).not.toBeNull();
    folder.dispose();
  });

  it('is cleared of what a Heapscope left that is gone, and of nothing else', () => {
    const gone = spawnSync(process.execPath, ['-e', '0']).pid;
    const other = join(data, 'dumps', `${process.ppid}-00`);
    for (const name of [`${gone}-11/s`, `${process.ppid}-00/s`, 'rubbish']) mkdirSync(join(data, 'dumps', name), { recursive: true });
    writeFileSync(join(data, 'dumps', `${gone}-11/s/1.dump`), 'x');
    new DumpFolder(data, silentLog).dispose();
    expect(readdirSync(join(data, 'dumps'))).toEqual([`${process.ppid}-00`]);
    expect(existsSync(other)).toBe(true);
  });

  it('keeps what a project may still want for a week, and no longer', () => {
    const gone = spawnSync(process.execPath, ['-e', '0']).pid;
    const ages = { young: 7 * DAY - HOUR, old: 7 * DAY + HOUR };
    for (const [name, age] of Object.entries(ages)) {
      const folder = join(data, 'dumps', `${gone}-${name}`);
      mkdirSync(join(folder, 's'), { recursive: true });
      writeFileSync(join(folder, 's', '1-1.heapdump'), 'x');
      writeFileSync(join(folder, 's', '1-1.heapdump.owner'), `key of ${name}`);
      const then = new Date(Date.now() - age);
      utimesSync(folder, then, then);
    }
    const folder = new DumpFolder(data, silentLog);
    expect([...folder.left().keys()]).toEqual(['key of young']);
    folder.dispose();
    expect(readdirSync(join(data, 'dumps'))).toEqual([`${gone}-young`]);
  });

  it.skipIf(process.platform === 'win32')('lets nobody else look, and goes when it is disposed of', () => {
    const folder = new DumpFolder(data, silentLog);
    const session = folder.forSession()!;
    for (const path of [session, folder.path!, join(data, 'dumps')]) expect(statSync(path).mode & 0o777).toBe(0o700);
    writeFileSync(join(session, '1.dump'), 'x');
    folder.remove(join(session, '1.dump'));
    folder.remove(join(session, 'none.dump'));
    expect(readdirSync(session)).toEqual([]);
    folder.dispose();
    folder.dispose();
    expect(readdirSync(join(data, 'dumps'))).toEqual([]);
  });

  it('knows what is free', () => {
    expect(freeSpace(data)).toBeGreaterThan(0);
    expect(freeSpace(join(data, 'nowhere'))).toBeNull();
  });
});
