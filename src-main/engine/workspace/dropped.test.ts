import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
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
    const within = await droppedLongAgo('within.txt');
    const fresh = await dropped.receive('d.py', Buffer.from('x'));
    const project = await droppedLongAgo('e.heapscope', aProject());
    recents.launched({ ...LAUNCH, target: run, args: [argument, `--out=${within}`] });
    dropped.empty();
    expect([unused, run, argument, within, fresh, project].map((path) => existsSync(path))).toEqual([false, true, true, true, true, true]);
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
    for (let i = 0; i < 2; i++) {
      const again = await projects.open(path);
      expect(projects.file(again.id).sessions.get(1).note).toBe('mine');
      projects.close(again.id);
    }
    expect(existsSync(path)).toBe(true);
  });

  it('loses a project each time that it is dropped and only looked at', async () => {
    const data = aProject();
    for (let i = 0; i < 2; i++) {
      const path = await dropped.receive('p.heapscope', data);
      projects.close((await projects.open(path)).id);
      expect(existsSync(path)).toBe(false);
    }
  });

  it('loses at once what is no project, whatever it is called, or cannot be read here', async () => {
    const project = aProject();
    const newer = Buffer.from(project);
    newer.writeUInt32BE(99, 60);
    const refused = { 'y.HEAPSCOPE': Buffer.from('a text'), 'cut.heapscope': project.subarray(0, 110), 'newer.heapscope': newer };
    for (const [name, data] of Object.entries(refused)) {
      const path = await dropped.receive(name, data);
      await expect(projects.open(path)).rejects.toThrow('project.');
      expect(existsSync(path), name).toBe(false);
    }
  });

  it('keeps what cannot be read any more, but was a project here', async () => {
    const path = await dropped.receive('p.heapscope', aProject());
    const { id } = await projects.open(path);
    projects.file(id).sessions.update(1, { note: 'mine' });
    projects.close(id);
    writeFileSync(path, 'x');
    await expect(projects.open(path)).rejects.toThrow('project.not-a-project');
    expect(existsSync(path)).toBe(true);
    utimesSync(path, 1, 1);
    dropped.empty();
    expect(existsSync(path)).toBe(true);
  });

  it('loses a damaged project when what was saved of it is closed', async () => {
    const path = await dropped.receive('p.heapscope', aProject().fill(0xff, 4096 * 3, 4096 * 3 + 50));
    const info = await projects.open(path);
    expect(info.damage?.path).toBe(path);
    expect(existsSync(path)).toBe(true);
    projects.close(info.id);
    expect([existsSync(path), existsSync(info.path)]).toEqual([false, true]);
  });

  it('loses on starting what only has the name of a project, or lies beside none', async () => {
    const names = ['y.HEAPSCOPE', 'gone.heapscope-wal', 'p.heapscope-journal'];
    const paths = await Promise.all(names.map((name) => droppedLongAgo(name)));
    const project = await droppedLongAgo('p.heapscope', aProject());
    symlinkSync('nowhere', join(folder, 'dropped', 'link'));
    dropped.empty();
    expect([...paths, project].map((path) => existsSync(path))).toEqual([false, false, true, true]);
  });

  it('is found where the data folder is reached by a link', async () => {
    const [link, target] = [join(folder, 'link'), join(folder, 'target')];
    mkdirSync(target);
    symlinkSync(target, link);
    const files = new DroppedFiles(link, recents, silentLog);
    const linked = new Projects(link, recents, files, silentLog);
    const path = await files.receive('p.heapscope', aProject());
    linked.close((await linked.open(path)).id);
    expect(existsSync(path)).toBe(false);
  });

  it('loses folders as well, and goes without what cannot be tidied: that is logged', async () => {
    const path = await droppedLongAgo('a.py');
    mkdirSync(join(folder, 'dropped', 'sub'));
    writeFileSync(join(folder, 'dropped', 'sub', 'b.py'), '');
    utimesSync(join(folder, 'dropped', 'sub'), 1, 1);
    dropped.empty();
    expect([path, join(folder, 'dropped', 'sub')].map((each) => existsSync(each))).toEqual([false, false]);
    const warned: string[] = [];
    writeFileSync(join(folder, 'file'), '');
    new DroppedFiles(join(folder, 'file'), recents, { ...silentLog, warn: (message) => void warned.push(message) }).empty();
    expect(warned).toHaveLength(1);
  });

  it('is all that is taken away from: nothing beside it, nothing that has gone already', async () => {
    const [own, path] = [join(folder, 'own.py'), await dropped.receive('a.py', Buffer.from('x'))];
    writeFileSync(own, 'x');
    for (const each of [own, path, path]) dropped.remove(each);
    expect([existsSync(own), existsSync(path)]).toEqual([true, false]);
  });

  it('leaves a project alone that was opened from elsewhere', async () => {
    const path = join(folder, 'own.heapscope');
    writeFileSync(path, aProject());
    projects.close((await projects.open(path)).id);
    expect(existsSync(path)).toBe(true);
  });
});
