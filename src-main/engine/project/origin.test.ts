import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { SessionOrigin } from '../../../src-preload/contract/index.ts';
import { LAUNCH, newSession, TestFolder } from './testing.ts';

const ORIGINS: SessionOrigin[] = [
  { kind: 'launched', spec: LAUNCH },
  { kind: 'attached', pid: 4242, intervalMs: 250 },
  { kind: 'imported', format: 'memray', from: '/srv/run.bin' },
];

describe('where a session comes from', () => {
  it.each(ORIGINS)('is kept, and in a copy: $kind', async (origin) => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = project.newSession(newSession({ origin }));
    expect(project.sessions.get(writer.id).origin).toEqual(origin);
    writer.finish({ state: 'ended', exit: null, duration: 1 });
    project.close();
    const again = folder.open();
    expect(again.sessions.list()).toMatchObject([{ origin }]);
    const other = folder.create('b.heapscope');
    await again.copySessions([writer.id], other, () => undefined, AbortSignal.timeout(60_000));
    expect(other.sessions.list()).toMatchObject([{ origin }]);
    again.close();
    other.close();
  });

  it.each([
    { kind: 'dreamt' },
    { kind: 'launched' },
    { kind: 'attached', pid: 0, intervalMs: 100 },
    { kind: 'attached', pid: 2 ** 33, intervalMs: 100 },
    { kind: 'attached', pid: 1, intervalMs: 0 },
    { kind: 'imported', format: 'x'.repeat(5000), from: '' },
    { kind: 'imported', format: 'memray', from: 7 },
  ])('is nothing that would run where it cannot be: %j', (origin) => {
    using folder = new TestFolder();
    const project = folder.create();
    project.newSession(newSession()).finish({ state: 'ended', exit: null, duration: 1 });
    project.close();
    const db = new DatabaseSync(folder.file('a.heapscope'));
    db.prepare('UPDATE session SET origin = ?').run(JSON.stringify(origin));
    db.close();
    const again = folder.open();
    expect(again.sessions.list()).toMatchObject([{ name: 'leaky', origin: { kind: 'launched', spec: { target: '', interpreter: '' } } }]);
    again.close();
  });
});
