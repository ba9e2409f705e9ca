import { readdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { allSamples, metricsOf, readSnapshot, TestFolder, valueAt } from './testing.ts';
import { TestProcess } from './testing-process.ts';

describe('an app that is killed while it records', () => {
  it.each([1, 40, 200])('leaves everything it had flushed, here after %d flushes', async (flushes) => {
    using folder = new TestFolder();
    await using recorder = new TestProcess('record', folder.file('a.heapscope'));
    let said = await recorder.next();
    for (let i = 1; i < flushes; i++) said = (await recorder.next()) ?? said;
    said = (await recorder.kill()) ?? said;
    const flushed = Number(said!['flushed']);

    const project = folder.open('a.heapscope', folder.path);
    const [session] = project.sessions.list();
    expect(project.facts()).toMatchObject({ access: 'write', damage: null, untitled: true });
    expect(session).toMatchObject({ state: 'interrupted', processes: 1 });
    expect(session!.duration).toBeGreaterThanOrEqual((flushed - 1) * 100);
    const series = metricsOf(project, session!.id);
    expect(series).toHaveLength(3);
    series.forEach((id, k) => {
      const samples = allSamples(project, id);
      expect(samples.length).toBeGreaterThanOrEqual(flushed);
      samples.forEach(([t, value], i) => expect([t, value]).toEqual([i * 100, valueAt(k, i)]));
    });
    expect(project.events.list(session!.id, 0, Infinity, 1).total).toBeGreaterThanOrEqual(flushed / 51);
    expect(project.console.search(session!.id, `line ${flushed}`, true, 1).total).toBe(1);
    project.close();
    expect(readdirSync(folder.path)).toEqual(['a.heapscope']);
  });
});

describe('an app that is killed while it imports a snapshot', () => {
  it.each([1, 20])('leaves it failed, here after %d pieces, without them; the one before is whole', async (pieces) => {
    using folder = new TestFolder();
    await using importer = new TestProcess('import', folder.file('a.heapscope'));
    for (let i = 0; i < pieces; i++) await importer.next();
    await importer.kill();

    const project = folder.open();
    expect(project.facts()).toMatchObject({ access: 'write', damage: null });
    expect(project.snapshots.list(null)).toMatchObject([{ state: 'ready' }, { state: 'failed', error: { code: 'snapshot.interrupted' } }]);
    expect(await readSnapshot(project, 1)).toHaveLength(3);
    project.close();
    const db = new DatabaseSync(folder.file('a.heapscope'), { readOnly: true });
    expect(db.prepare('SELECT count(*) AS n FROM piece WHERE owner = 2').get()).toMatchObject({ n: 0 });
    db.close();
  });
});
