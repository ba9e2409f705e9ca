import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  Args,
  CaptureMethod,
  HeapMethods,
  LaunchSpec,
  ObjectRow,
  ProjectInfo,
  Result,
  SnapshotRow,
  TypeName,
} from '../../../src-preload/contract/index.ts';
import { silentLog } from '../faces/base.ts';
import { createEngine, type Engine } from '../index.ts';

const PYTHON = process.env['HEAPSCOPE_PEERS'] ?? '';
const root = resolve(import.meta.dirname, '../../..');
const ALL = { filter: null, sort: null, from: 0, count: 100_000 };
const METHODS: readonly CaptureMethod[] = ['fork', 'in-place', 'python'];

/** One target's only snapshot, and the target's own figures. */
class Taken {
  readonly #engine: Engine;
  readonly #project: ProjectInfo;
  readonly #folder: string;
  readonly row: SnapshotRow;

  constructor(engine: Engine, project: ProjectInfo, row: SnapshotRow, folder: string) {
    this.#engine = engine;
    this.#project = project;
    this.row = row;
    this.#folder = folder;
  }

  truth<T>(name: string): T {
    return JSON.parse(readFileSync(join(this.#folder, `${name}.json`), 'utf8')) as T;
  }

  ask<M extends keyof HeapMethods>(method: M, args: Omit<Args<M>, 'project' | 'snapshot'>): Promise<Result<M>> {
    const call = { signal: new AbortController().signal, onProgress: () => undefined };
    const full = { project: this.#project.id, snapshot: this.row.id, ...args } as Args<M>;
    return this.#engine.heap.query(method, full, call);
  }

  /** The object that a global variable of the program's main module holds. */
  async global(name: string): Promise<ObjectRow> {
    const { rows } = await this.ask('heap.groups', { by: 'type', within: { of: 'all' }, parent: null, ...ALL });
    const module = rows.find((row) => ['', 'builtins'].includes(row.label.module) && row.label.name === 'module');
    const modules = await this.ask('heap.objects', { set: { of: 'group', by: 'type', key: module?.key ?? -1 }, ...ALL });
    const main = modules.rows.find((row) => row.holder.endsWith('__main__') || row.holder.includes("'__main__'"));
    const [dictionary] = (await this.ask('heap.edges', { node: main?.node ?? -1, direction: 'referents', ...ALL })).rows.filter(
      (edge) => edge.object.type.name === 'dict',
    );
    return this.item(dictionary!.object.node, name);
  }

  /** The value under a key of a dictionary. */
  async item(dictionary: number, key: string): Promise<ObjectRow> {
    const { rows } = await this.ask('heap.edges', { node: dictionary, direction: 'referents', ...ALL });
    const found = rows.find((edge) => ['key', 'attribute'].includes(edge.name.kind) && edge.name.text.replaceAll("'", '') === key);
    if (found === undefined) throw new Error(`no ${key} among ${rows.map((edge) => edge.name.text).join(', ')}`);
    return found.object;
  }
}

let folder: string;
let engine: Engine;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-accuracy-'));
  engine = await createEngine({
    dataFolder: folder,
    agentFolder: join(root, 'python-agent'),
    samplesFolder: join(root, 'resources/samples'),
    log: silentLog,
  });
});

afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a target to its end. */
async function take(target: string, method: CaptureMethod, tracemallocFrames = 0): Promise<Taken> {
  const truth = mkdtempSync(join(folder, 'truth-'));
  const spec: LaunchSpec = {
    mode: 'script',
    interpreter: PYTHON,
    target: join(import.meta.dirname, 'targets', `${target}.py`),
    args: [],
    cwd: truth,
    env: { TRUTH: truth, PYTHONDONTWRITEBYTECODE: '1', PYTHONFAULTHANDLER: '1' },
    intervalMs: 100,
    tracemallocFrames,
    sampling: 0,
  };
  const { rules } = { rules: { every: null, rssAbove: null, rssStep: null, atMark: null, atExit: false, limit: 50 } };
  const options = { method, collectFirst: false, previews: false, redact: [], memoryLimit: null, joinPages: false };
  const started = await engine.recording.start({
    spec,
    project: null,
    columns: 80,
    rows: 24,
    confirmed: true,
    starter: 'pty',
    snapshots: { rules, options },
  });
  const { exit } = await started.recording.ended;
  const file = engine.projects.file(started.project.id);
  const output = Buffer.concat(file.console.read(started.recording.session, 0, 1 << 16).map((part) => part.data)).toString();
  expect(exit, output).toMatchObject({ code: 0 });
  await expect.poll(() => file.snapshots.list(null).at(-1)?.state, { timeout: 20_000 }).toMatch(/ready|failed/);
  const row = file.snapshots.list(null).at(-1);
  expect(row, JSON.stringify(row)).toMatchObject({ state: 'ready', method });
  return new Taken(engine, started.project, row!, truth);
}

const written = ({ module, name }: TypeName): string => (module === '' || module === 'builtins' ? name : `${module}.${name}`);

/** Where two counts differ, as "name: theirs, ours". */
function differences(theirs: Record<string, number>, ours: Record<string, number>, but: readonly string[] = []): string[] {
  return Object.keys({ ...theirs, ...ours })
    .filter((name) => !but.includes(name) && (theirs[name] ?? 0) !== (ours[name] ?? 0))
    .map((name) => `${name}: ${theirs[name] ?? 0}, ${ours[name] ?? 0}`)
    .sort();
}

/** Objects of the agent itself: left out of the snapshot, but counted by every other tool. */
const AGENTS = new Set(
  (
    'builtin_function_or_method dict function cell code frame list module tuple type set method method-wrapper wrapper_descriptor ' +
    'member_descriptor getset_descriptor method_descriptor property staticmethod classmethod generator weakref.ReferenceType ' +
    '_struct.Struct _thread.lock callable_iterator collections.deque functools.partial map itertools.cycle itertools.filterfalse itertools.repeat ' +
    '_frozen_importlib.ModuleSpec _frozen_importlib_external.SourceFileLoader _frozen_importlib_external.ExtensionFileLoader'
  ).split(' '),
);
const isAgents = (name: string): boolean => AGENTS.has(name) || name.startsWith('heapscope_agent.');
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** objgraph's long names, as the window writes them. */
const named = (counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [name.replace(/^builtins\./, ''), count]));

describe.skipIf(PYTHON === '').each(METHODS)('a snapshot taken by %s', (method) => {
  it('counts as many objects of each type as the collector and objgraph', async () => {
    const taken = await take('census', method);
    const { rows } = await taken.ask('heap.groups', { by: 'type', within: { of: 'tracked' }, parent: null, ...ALL });
    const ours = Object.fromEntries(rows.map((row) => [written(row.label), row.count]));
    const theirs = taken.truth<Record<string, number>>('before');
    const after = taken.truth<Record<string, number>>('after');
    expect(differences(theirs, after, Object.keys(theirs).filter(isAgents)), 'a snapshot leaves the heap as it was').toEqual([]);
    // The agent's thread may hold a tuple or two of its own that it did not hold before.
    expect(sum(Object.keys(after).map((name) => Math.abs(after[name]! - (theirs[name] ?? 0))))).toBeLessThanOrEqual(2);
    expect(differences(theirs, ours, Object.keys(theirs).filter(isAgents))).toEqual([]);
    const excess = Object.keys(theirs)
      .filter(isAgents)
      .map((name) => theirs[name]! - (ours[name] ?? 0));
    expect(Math.min(...excess)).toBeGreaterThanOrEqual(0);
    expect(sum(excess)).toBeLessThanOrEqual((await taken.ask('heap.summary', {})).own);
    const objgraph = taken.truth<Record<string, number>>('objgraph');
    expect(differences(named(objgraph), theirs, Object.keys(theirs).filter(isAgents))).toEqual([]);
  });

  it('gives each object the size that sys.getsizeof gives, corrected where tracemalloc shows another', async () => {
    const taken = await take('sizes', method);
    const specimens = await taken.global('specimens');
    const { rows } = await taken.ask('heap.edges', { node: specimens.node, direction: 'referents', ...ALL });
    const ours = rows.map((edge) => [written(edge.object.type), edge.object.shallow]);
    const theirs = taken.truth<[string, number][]>('sizes');
    expect(ours.length).toBe(theirs.length);
    expect(ours.filter((each, index) => each[1] !== theirs[index]![1]).map((each) => each.join(' '))).toEqual([]);
  });

  it('gives the deep size that asizeof gives', async () => {
    const taken = await take('deep', method);
    const structures = await taken.global('structures');
    const theirs = taken.truth<Record<string, number>>('deep');
    const ours: Record<string, number> = {};
    for (const name of Object.keys(theirs)) {
      const { node } = await taken.item(structures.node, name);
      ours[name] = (await taken.ask('heap.object', { node })).deepSize;
    }
    expect(differences(theirs, ours)).toEqual([]);
  });

  it('finds the referrers that gc.get_referrers finds', async () => {
    const taken = await take('referrers', method);
    const held = await taken.global('held');
    const itself = await taken.item(held.node, 'itself');
    const { target, referrers } = taken.truth<{ target: number; referrers: number[] }>('referrers');
    const { rows } = await taken.ask('heap.edges', { node: itself.node, direction: 'referrers', ...ALL });
    const ours = rows.filter((edge) => edge.object.kind === 'object' && !edge.name.weak).map((edge) => edge.object.address);
    expect(itself.address).toBe(target);
    expect([...new Set(ours)].sort((a, b) => a - b)).toEqual(referrers.toSorted((a, b) => a - b));
  });

  it('knows what letting go really frees, to two percent', async () => {
    const taken = await take('retained', method, 1);
    const trees = await taken.global('trees');
    for (const [name, freed] of Object.entries(taken.truth<Record<string, number>>('freed'))) {
      const { retained } = await taken.item(trees.node, name);
      expect([name, Math.abs(retained - freed) / freed < 0.02, retained, freed]).toEqual([name, true, retained, freed]);
    }
  });
});
