import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LaunchSpec, MethodName, Outcome } from '../../src-preload/contract/index.ts';
import { silentLog, stderrLog } from '../engine/faces/base.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import { createRouter } from './index.ts';

let folder: string;
let engine: Engine;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-rpc-'));
  engine = await createEngine({ dataFolder: join(folder, 'data'), agentFolder: folder, samplesFolder: folder, log: silentLog });
});

afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function codeOf(method: MethodName, args: unknown): Promise<string> {
  const router = createRouter(engine, { info: () => engine as never, log: stderrLog });
  const context = { signal: AbortSignal.timeout(60_000), onProgress: () => undefined, shell: 'browser' as const };
  const outcome: Outcome<unknown> = await router.call(method, args, context);
  return outcome.ok ? 'fine' : outcome.error.code;
}

/** Arrays nested this deep, built from the inside out. */
function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

function nots(levels: number): unknown {
  let filter: unknown = { kind: 'word', text: 'x' };
  for (let i = 0; i < levels; i++) filter = { kind: 'not', part: filter };
  return filter;
}

const table = { project: 'p', snapshot: 1, sort: null, from: 0, count: 1 };

test.each<[string, MethodName, unknown]>([
  ['a filter of 10,000 conditions in each other', 'heap.waste', { ...table, filter: nots(10_000) }],
  ['a filter of 200,000', 'heap.waste', { ...table, filter: nots(200_000) }],
  ['arrays in each other where an object is expected', 'projects.list', { more: nested(100_000) }],
  ['a set that holds itself', 'heap.measure', { project: 'p', snapshot: 1, set: loop() }],
])('given %s, when called, then the argument is refused', async (_name, method, args) => {
  expect(await codeOf(method, args)).toBe('call.invalid');
});

function loop(): unknown {
  const set: Record<string, unknown> = { of: 'inside', by: 'type', key: 1 };
  set['set'] = set;
  return set;
}

test('given a filter as deep as one that can be typed, when called, then it is not its depth that is refused', async () => {
  let filter: unknown = { kind: 'word', text: 'x' };
  for (let i = 1; i < 40; i++) filter = { kind: 'and', parts: [filter, { kind: 'word', text: 'y' }] };
  expect(await codeOf('heap.waste', { ...table, filter })).toBe('project.not-open');
});

const spec = (changes: Partial<LaunchSpec>): LaunchSpec => ({
  ...{ mode: 'script', interpreter: '', target: 'x.py', args: [], cwd: '', env: {}, intervalMs: 100, tracemallocFrames: 0, sampling: 0 },
  ...changes,
});

/** Every argument that is, or contains, a path. */
const PATHS: [MethodName, string, (path: string) => unknown][] = [
  ['projects.open', 'path', (path) => ({ path })],
  ['projects.forget', 'path', (path) => ({ path })],
  ['files.list', 'path', (path) => ({ path, filter: 'any' })],
  ['files.receive', 'name', (name) => ({ name, data: new Uint8Array(1) })],
  ['interpreters.list', 'cwd', (cwd) => ({ cwd, refresh: false, confirmed: true })],
  ['interpreters.check', 'path', (path) => ({ path })],
  ['runs.source', 'path', (path) => ({ path, confirmed: true })],
  ['runs.figures', 'path', (path) => ({ project: 'p', runs: [{ path, uuid: 'u' }], align: { at: 'start' } })],
  ['launch.check', 'cwd', (cwd) => ({ spec: spec({ cwd }), confirmed: true })],
  ['launch.check', 'target', (target) => ({ spec: spec({ target }), confirmed: true })],
  ['launch.check', 'interpreter', (interpreter) => ({ spec: spec({ interpreter }), confirmed: true })],
  ['recording.start', 'cwd', (cwd) => ({ spec: spec({ cwd }), confirmed: true, project: null, columns: 80, rows: 24 })],
  ['recording.start', 'target', (target) => ({ spec: spec({ target }), confirmed: true, project: null, columns: 80, rows: 24 })],
  [
    'recording.start',
    'interpreter',
    (interpreter) => ({ spec: spec({ interpreter }), confirmed: true, project: null, columns: 80, rows: 24 }),
  ],
];

test.each(PATHS)(
  'given a path that no system takes, when %s is asked with it as %s, then it is no defect of ours',
  async (method, _as, args) => {
    for (const path of ['/tmp/a\0b', '\0', `/tmp/${'long'.repeat(2000)}`, '/dev/null/below', '/proc/self/mem']) {
      expect(await codeOf(method, args(path)), JSON.stringify(path.slice(0, 20))).not.toBe('internal');
    }
  },
);

test.each(PATHS.filter(([method]) => !/^(launch|recording)/.test(method)))(
  'given a path with a NUL, when %s is asked with it as %s, then the argument is refused',
  async (method, _as, args) => expect(await codeOf(method, args('/tmp/a\0b'))).toBe('call.invalid'),
);
