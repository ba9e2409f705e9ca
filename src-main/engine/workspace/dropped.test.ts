import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import { LAUNCH, newSession, recordSeries } from '../project/testing.ts';
import { DroppedFiles } from './dropped.ts';
import { Projects } from './projects.ts';
import { Recents } from './recents.ts';

let folder = '';
let recents: Recents;
let dropped: DroppedFiles;
let projects: Projects;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-dropped-'));
  recents = new Recents(folder, silentLog);
  dropped = new DroppedFiles(folder, recents, silentLog);
  projects = new Projects(folder, recents, dropped, silentLog);
});

afterEach(() => {
  projects.closeAll();
  rmSync(folder, { recursive: true });
});

async function droppedLongAgo(name: string, data: Uint8Array = Buffer.from('x')): Promise<string> {
  const path = await dropped.receive(name, data);
  utimesSync(path, 1, 1);
  return path;
}

function aProject(): Buffer {
  const { id, path } = projects.createAt(join(folder, 'source.heapscope'));
  recordSeries(projects.file(id).newSession(newSession()), 1, 20);
  projects.close(id);
  return readFileSync(path);
}

describe('the folder of dropped files', () => {
  it('loses a script that nothing names, and keeps one that was run, or came just now, and every project', async () => {
    const [unused, run, argument] = [await droppedLongAgo('a.py'), await droppedLongAgo('b "quoted".py'), await droppedLongAgo('c.txt')];
    const fresh = await dropped.receive('d.py', Buffer.from('x'));
    const project = await droppedLongAgo('e.heapscope');
    recents.launched({ ...LAUNCH, target: run, args: [argument] });
    dropped.empty();
    expect([unused, run, argument, fresh, project].map((path) => existsSync(path))).toEqual([false, true, true, true, true]);
  });

  it.skipIf(process.platform === 'win32')('is for its user alone, also where an earlier version made it for all', async () => {
    const modeOf = (): number => statSync(join(folder, 'dropped')).mode & 0o777;
    await dropped.receive('a.py', Buffer.from('x'));
    expect(modeOf()).toBe(0o700);
    chmodSync(join(folder, 'dropped'), 0o755);
    dropped.empty();
    expect(modeOf()).toBe(0o700);
    rmSync(join(folder, 'dropped'), { recursive: true });
    dropped.empty();
    expect(modeOf()).toBe(0o700);
  });

  it('loses a project that was only looked at when it is closed, not before', async () => {
    const path = await dropped.receive('p.heapscope', aProject());
    const { id } = await projects.open(path);
    projects.file(id).sessions.list();
    dropped.empty();
    expect(existsSync(path)).toBe(true);
    projects.close(id);
    expect(existsSync(path)).toBe(false);
    expect(recents.projects().map((one) => one.path)).not.toContain(path);
  });

  it('keeps a project that was written to: nothing else has what was written', async () => {
    const path = await dropped.receive('p.heapscope', aProject());
    const { id } = await projects.open(path);
    projects.file(id).sessions.update(1, { note: 'mine' });
    projects.close(id);
    expect(existsSync(path)).toBe(true);
    const again = await projects.open(path);
    expect(projects.file(again.id).sessions.get(1).note).toBe('mine');
  });

  it('leaves a project alone that was opened from elsewhere', async () => {
    const path = join(folder, 'own.heapscope');
    writeFileSync(path, aProject());
    projects.close((await projects.open(path)).id);
    expect(existsSync(path)).toBe(true);
  });
});
