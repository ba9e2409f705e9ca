import { readdirSync, renameSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { newSession, recordSeries, TestFolder } from './testing.ts';

const ENDING = '.heapscope';
const nameOf = (bytes: number): string => 'n'.repeat(bytes - ENDING.length) + ENDING;

function withProject(folder: TestFolder, name: string): void {
  const project = folder.create();
  recordSeries(project.newSession(newSession()), 1, 20);
  project.close();
  renameSync(folder.file('a.heapscope'), folder.file(name));
}

describe('a file whose name leaves no room for others beside it', () => {
  it.each([248, 250, 255])('of %d bytes opens to be read, says why, and nothing is made beside it', (bytes) => {
    using folder = new TestFolder();
    withProject(folder, nameOf(bytes));
    const project = folder.open(nameOf(bytes));
    expect(project.facts()).toMatchObject({ access: 'read-only', readOnlyReason: 'name', damage: null });
    expect(project.sessions.list()).toMatchObject([{ samples: 20 }]);
    expect(() => project.sessions.update(1, { name: 'x' })).toThrow('project.read-only');
    expect(readdirSync(folder.path)).toEqual([nameOf(bytes)]);
    project.close();
  });

  it('is saved under a shorter one', async () => {
    using folder = new TestFolder();
    withProject(folder, nameOf(250));
    const project = folder.open(nameOf(250));
    await project.saveAs(folder.file(nameOf(247)), false, () => undefined, new AbortController().signal);
    expect(project.facts().access).toBe('write');
    expect(project.sessions.update(1, { name: 'x' }).name).toBe('x');
    project.close();
  });

  it('is neither made nor saved to', async () => {
    using folder = new TestFolder();
    expect(() => folder.create(nameOf(250))).toThrow('file.name-too-long {');
    expect(() => folder.create(`${'深'.repeat(82)}.heapscope`)).toThrow('file.name-too-long {');
    const project = folder.create();
    const save = project.saveAs(folder.file(nameOf(250)), false, () => undefined, new AbortController().signal);
    await expect(save).rejects.toMatchObject({ code: 'file.name-too-long', facts: { longest: 247 } });
    project.close();
    expect(readdirSync(folder.path)).toEqual(['a.heapscope']);
  });
});

describe('the longest name that can be written to', () => {
  it('is written to and leaves one file', () => {
    using folder = new TestFolder();
    const project = folder.create(nameOf(247));
    recordSeries(project.newSession(newSession()), 1, 20);
    project.close();
    expect(readdirSync(folder.path)).toEqual([nameOf(247)]);
    const again = folder.open(nameOf(247));
    expect(again.facts().access).toBe('write');
    again.close();
  });
});
