import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LaunchSpec, SessionOrigin, SourceLine } from '../../../src-preload/contract/index.ts';
import { SourcesFace } from './sources.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-sources-'));
  writeFileSync(join(folder, 'app.py'), 'made = 1\n');
  utimesSync(join(folder, 'app.py'), 1, 1);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const call = { signal: new AbortController().signal, onProgress: () => undefined };

/** The texts of an object's traceback, where only `known` was run on this machine. */
async function linesOf(site: SourceLine[] | null, origin: SessionOrigin | 'ours', known = 'app.py') {
  const spec = { target: 'app.py', cwd: folder } as LaunchSpec;
  const session = { origin: origin === 'ours' ? { kind: 'launched', spec } : origin, startedAt: 5000 };
  const file = { snapshots: { get: () => ({ session: 1 }), stored: () => null }, sessions: { get: () => session } };
  const face = new SourcesFace({
    projects: { file: () => file },
    analysis: { query: async () => ({ site }) },
    confirmed: { has: ({ target }: LaunchSpec) => target === known },
  } as never);
  return face.lines({ project: 'p', snapshot: 1, node: 7 }, call);
}

const SITE = [{ file: 'app.py', line: 1 }];

it('a program that was run on this machine shows its lines, from its folder', async () =>
  expect(await linesOf(SITE, 'ours')).toEqual([{ text: 'made = 1', scope: '', missing: null }]));

it('nothing is looked at for a program that was not, or that was not launched at all', async () => {
  const foreign = [{ text: '', scope: '', missing: 'foreign' }];
  expect(await linesOf(SITE, 'ours', 'other.py')).toEqual(foreign);
  expect(await linesOf(SITE, { kind: 'imported' } as SessionOrigin)).toEqual(foreign);
});

it('an object that was not traced has no lines', async () => expect(await linesOf(null, 'ours')).toEqual([]));
