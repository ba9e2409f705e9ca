import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaunchSpec } from '../../../src-preload/contract/index.ts';
import { silentLog } from '../base/log.ts';
import { Recents } from './recents.ts';

const spec = (target: string, ...args: string[]): LaunchSpec => ({
  ...{ mode: 'script', interpreter: '/usr/bin/python3', target, args, cwd: '/', env: {} },
  ...{ intervalMs: 100, tracemallocFrames: 0, sampling: 0 },
});

let folder = '';
const warned: string[] = [];
const recents = (): Recents => new Recents(folder, { ...silentLog, warn: (message) => void warned.push(message) });
const targets = (of: Recents): string[] => of.launches().map((launch) => [launch.spec.target, ...launch.spec.args].join(' '));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-recents-'));
  warned.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('what cannot be read', () => {
  it.each(['{', '[]', '{"launches":7,"projects":[]}', '{"launches":[]}'])('is as if there were none, and is logged: %s', (text) => {
    writeFileSync(join(folder, 'recents.json'), text);
    expect([recents().launches(), recents().projects(), warned.length]).toEqual([[], [], 2]);
  });

  it('because it is not there yet is nothing to log; what cannot be written is, and is still known', () => {
    expect([recents().launches(), warned]).toEqual([[], []]);
    mkdirSync(join(folder, 'recents.json'));
    const kept = recents();
    kept.launched(spec('/a.py'));
    expect([targets(kept), warned.length]).toEqual([['/a.py'], 2]);
  });
});

describe('launches', () => {
  it('are newest first; the very same moves up, other arguments are another', () => {
    const kept = recents();
    for (const one of [spec('/a.py'), spec('/b.py'), spec('/a.py', 'x'), spec('/a.py')]) kept.launched(one);
    expect(targets(kept)).toEqual(['/a.py', '/a.py x', '/b.py']);
    expect(targets(recents())).toEqual(targets(kept));
  });

  it('are twenty at the most, each with a number of its own', () => {
    const kept = recents();
    for (let i = 1; i <= 21; i++) kept.launched(spec(`/${i}.py`));
    expect([targets(kept).length, targets(kept)[0], targets(kept)[19]]).toEqual([20, '/21.py', '/2.py']);
    expect(new Set(kept.launches().map(({ id }) => id)).size).toBe(20);
    const [newest] = kept.launches();
    kept.forgetLaunch(newest!.id);
    expect([targets(kept).length, targets(kept)[0]]).toEqual([19, '/20.py']);
  });
});

describe('projects', () => {
  it('are newest first and once, twenty at the most, and say whether they are still there', () => {
    const kept = recents();
    const here = join(folder, 'here.heapscope');
    writeFileSync(here, '');
    for (let i = 1; i <= 20; i++) kept.opened(`/nowhere/${i}.HEAPSCOPE`, false);
    kept.opened(here, true);
    kept.opened('/nowhere/5.HEAPSCOPE', false);
    const projects = kept.projects();
    expect([projects.length, projects.at(-1)?.path]).toEqual([20, '/nowhere/2.HEAPSCOPE']);
    expect(projects.slice(0, 2)).toMatchObject([
      { path: '/nowhere/5.HEAPSCOPE', exists: false, name: '5' },
      { path: here, exists: true, untitled: true, name: 'here' },
    ]);
    kept.forgetProject(here);
    expect(kept.projects().map(({ path }) => path)).not.toContain(here);
    expect(kept.projects()).toHaveLength(19);
    kept.opened('/nowhere/a.heapscope.old', false);
    expect(kept.projects()[0]?.name).toBe('a.heapscope.old');
  });
});

it('a file is replaced, never half written, and nobody else may read it', () => {
  recents().launched(spec('/a.py'));
  expect(JSON.parse(readFileSync(join(folder, 'recents.json'), 'utf8'))).toMatchObject({ launches: [{ spec: { target: '/a.py' } }] });
});
