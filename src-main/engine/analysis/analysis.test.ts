import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { SnapshotId } from '../../../src-preload/contract/index.ts';
import { REST } from '../heap/graph.ts';
import { attribute, dumpOf, modules, type HeapSpec } from '../heap/testing/dump-builder.ts';
import { HeapscopeError } from '../base/errors.ts';
import { importDump } from './import-job.ts';
import { ALL, Laboratory, refTo } from './testing.ts';

const SESSIONS: HeapSpec = {
  objects: [
    { id: 'sys', type: 'dict', rest: REST.pairs, edges: ['app', 'module'], size: 200 },
    { id: 'app', type: 'str', text: 'app', size: 52 },
    { id: 'module', type: 'module', edges: [attribute('sessions', 'list')], size: 72 },
    { id: 'list', type: 'list', rest: REST.items, edges: ['s1', 's2'], size: 72 },
    { id: 's1', type: 'Session', edges: [attribute('user', 'u')], size: 48 },
    { id: 's2', type: 'Session', edges: [attribute('user', 'u')], size: 48 },
    { id: 'u', type: 'User', size: 1000 },
  ],
  roots: [modules('sys')],
  types: [{ name: 'dict' }, { name: 'str' }, { name: 'Session', module: 'app' }, { name: 'User', module: 'app' }],
};

let lab = new Laboratory();
afterEach(async () => {
  await lab.dispose();
  lab = new Laboratory();
});

describe('a dump, imported and looked into', () => {
  it('shows types, objects, paths and dominators', async () => {
    const imported = await lab.add(1, SESSIONS);
    expect(imported.facts).toMatchObject({ objects: 7, size: 1492, garbage: 0 });
    expect(imported.types[0]).toEqual({ module: '', name: 'dict', count: 1, shallow: 200, retained: 1492 });

    const summary = await lab.query('heap.summary', refTo(1));
    expect(summary).toEqual(imported.summary);
    const types = await lab.query('heap.groups', { ...refTo(1), by: 'type', within: { of: 'all' }, parent: null, ...ALL });
    const session = types.rows.find(({ label }) => label.name === 'Session')!;
    expect(session).toMatchObject({ count: 2, shallow: 96, retained: 96, label: { module: 'app', name: 'Session' } });
    expect(types.sums).toEqual({ count: 7, shallow: 1492, atLeast: 'none' });

    const found = await lab.query('heap.objects', { ...refTo(1), set: { of: 'group', by: 'type', key: session.key }, ...ALL });
    expect(found.rows.map(({ holder }) => holder)).toEqual(['modules › app › sessions › [0]', 'modules › app › sessions › [1]']);
    const detail = await lab.query('heap.object', { ...refTo(1), node: found.rows[0]!.node });
    expect(detail).toMatchObject({ kind: 'object', shallow: 48, retained: 48, deepSize: 1048, referents: 1, referrers: 1, cycle: null });
  });
});

it('a dump of many pieces is read whole, each piece before the next is written over it', async () => {
  const { piece, objects } = { piece: 4 * 1024 * 1024, objects: 250 };
  const textOf = (i: number): string => String.fromCodePoint(97 + (i % 26)).repeat(60_000);
  const spec: HeapSpec = {
    objects: Array.from({ length: objects }, (_, i) => ({ id: `${i}`, size: 100 + i, preview: textOf(i) })),
    roots: [modules(...Array.from({ length: objects }, (_, i) => `${i}`))],
  };
  const dump = dumpOf(spec);
  expect(dump.length).toBeGreaterThan(3 * piece);
  await lab.addDump(1, lab.dump(dump));
  const { rows } = await lab.query('heap.objects', { ...refTo(1), set: { of: 'all' }, ...ALL });
  const found = rows.map(({ shallow, preview }) => [shallow, preview?.slice(0, 1), preview?.length]);
  const expected = Array.from({ length: objects }, (_, i) => [100 + i, textOf(i).slice(0, 1), 60_000]);
  expect(found.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual(expected);
});

it('an import is told when its turn comes, and does not begin where that fails', async () => {
  const [path, other] = [lab.dump(dumpOf(SESSIONS)), lab.dump(dumpOf(SESSIONS))];
  const told: string[] = [];
  const imported = (name: string, onTurn: () => Promise<void>): Promise<unknown> =>
    lab.analysis
      .importDump({
        path: name === 'first' ? path : other,
        signal: new AbortController().signal,
        onTurn,
        onProgress: ({ step }) => void (step === 'tables' && told.push(`${name} ${step}`)),
        onColumn: () => undefined,
      })
      .then(
        () => told.push(`${name} done`),
        () => told.push(`${name} failed`),
      );
  await Promise.all([
    imported('first', async () => void told.push('first')),
    imported('second', () => Promise.reject(new Error('not now'))),
    imported('third', async () => void told.push('third')),
  ]);
  expect(told).toEqual(['first', 'first tables', 'first done', 'second failed', 'third', 'third tables', 'third done']);
});

describe('stored heaps that cannot be read', () => {
  const groups = { ...refTo(1), by: 'holder', within: { of: 'retained', node: 0 }, parent: null, ...ALL } as const;

  it('tells that a column is damaged, and reads it again when it is whole', async () => {
    await lab.add(1, SESSIONS);
    const source = lab.sources.get(1)!;
    const whole = source.pieces.at(3)!;
    source.pieces[3] = { ...whole, data: whole.data.map((byte, i) => (i === 9 ? byte ^ 255 : byte)) };
    await expect(lab.query('heap.groups', groups)).rejects.toMatchObject({ code: 'snapshot.damaged' });
    source.pieces[3] = whole;
    expect((await lab.query('heap.groups', groups)).total).toBeGreaterThan(0);
  });

  it('tells that pieces or tables are missing', async () => {
    await lab.add(1, SESSIONS);
    const source = lab.sources.get(1)!;
    lab.sources.set(1, { ...source, columns: () => source.pieces.slice(0, 4) });
    await expect(lab.query('heap.groups', groups)).rejects.toMatchObject({ code: 'snapshot.damaged' });
    lab.sources.set(1, { ...source, key: 'other', tables: () => new Uint8Array(20) });
    await expect(lab.query('heap.summary', refTo(1))).rejects.toMatchObject({ code: 'snapshot.damaged' });
    const altered = zstdCompressSync(
      zstdDecompressSync(await source.tables())
        .toString()
        .replace('"count":', '"count":-'),
    );
    lab.sources.set(1, { ...source, key: 'altered', tables: () => altered });
    await expect(lab.query('heap.summary', refTo(1))).rejects.toMatchObject({ code: 'snapshot.damaged' });
  });

  it('passes on what the source says when it fails, at once and on the way', async () => {
    await lab.add(1, SESSIONS);
    const source = lab.sources.get(1)!;
    const failing = async function* () {
      yield source.pieces[0]!;
      await Promise.resolve();
      throw new HeapscopeError('project.damaged', { path: 'x', detail: 'y' });
    };
    lab.sources.set(1, { ...source, columns: failing });
    await expect(lab.query('heap.groups', groups)).rejects.toMatchObject({ code: 'project.damaged' });
    await expect(lab.query('heap.groups', { ...groups, ...refTo(7) })).rejects.toMatchObject({ code: 'snapshot.missing' });
  });

  it('refuses what no snapshot has', async () => {
    await lab.add(1, SESSIONS);
    await expect(lab.query('heap.object', { ...refTo(1), node: 99_999 })).rejects.toMatchObject({ code: 'snapshot.object-missing' });
    const sort = { column: 'colour', descending: true };
    await expect(lab.query('heap.objects', { ...refTo(1), set: { of: 'all' }, ...ALL, sort })).rejects.toMatchObject({
      code: 'filter.unknown-column',
    });
  });

  it('ends a question that is cancelled while its heap comes', async () => {
    await lab.add(1, SESSIONS);
    const source = lab.sources.get(1)!;
    const stop = new AbortController();
    const slow = async function* () {
      yield source.pieces[0]!;
      stop.abort();
      yield* source.pieces.slice(1);
    };
    lab.sources.set(1, { ...source, columns: slow });
    await expect(lab.query('heap.groups', groups, stop.signal)).rejects.toMatchObject({ code: 'call.cancelled' });
    expect((await lab.query('heap.groups', groups)).total).toBeGreaterThan(0);
  });
});

describe('heaps in memory', () => {
  it('come and go within their budget, and are all there for a comparison', async () => {
    await lab.dispose();
    lab = new Laboratory({ cache: 1 });
    let loads = 0;
    for (const snapshot of [1, 2]) {
      await lab.add(snapshot, SESSIONS);
      const source = lab.sources.get(snapshot)!;
      lab.sources.set(snapshot, { ...source, columns: () => (loads++, source.pieces) });
    }
    const look = (snapshot: SnapshotId) => lab.query('heap.object', { ...refTo(snapshot), node: 3 });
    await look(1);
    await look(2);
    await look(1);
    expect(loads).toBe(3);
    const compared = await lab.query('compare.groups', {
      snapshots: [refTo(1), refTo(2)],
      by: 'type',
      growing: false,
      changed: false,
      below: 'all',
      ...ALL,
    });
    expect(compared.sums).toMatchObject({ fresh: 0, gone: 0, survived: 7 });
  });

  it('are loaded only where a comparison needs their objects', async () => {
    const loaded: number[] = [];
    for (const snapshot of [1, 2, 3]) {
      await lab.add(snapshot, SESSIONS, snapshot < 3 ? 'one' : 'other');
      const source = lab.sources.get(snapshot)!;
      lab.sources.set(snapshot, { ...source, columns: () => (loaded.push(snapshot), source.pieces) });
    }
    const compare = (...snapshots: SnapshotId[]) =>
      lab.query('compare.groups', { snapshots: snapshots.map(refTo), by: 'type', growing: false, changed: false, below: 'all', ...ALL });
    expect((await compare(1, 2, 3)).matched).toBe(false);
    expect(loaded).toEqual([]);
    expect((await compare(1, 3, 2)).rows[0]).toMatchObject({ counts: [1, 1, 1], fresh: 0, survived: 1 });
    expect(loaded.sort()).toEqual([1, 2]);
  });

  it('tell the history of a group over snapshots', async () => {
    await lab.add(1, SESSIONS);
    await lab.add(2, {
      ...SESSIONS,
      objects: SESSIONS.objects.filter(({ id }) => id !== 's2').map((o) => (o.id === 'list' ? { ...o, edges: ['s1'] } : o)),
    });
    const types = await lab.query('heap.groups', { ...refTo(1), by: 'type', within: { of: 'all' }, parent: null, ...ALL });
    const key = types.rows.find(({ label }) => label.name === 'Session')!.key;
    const history = await lab.query('heap.history', { ...refTo(1), by: 'type', keys: [key, 1e6] });
    expect(history.snapshots).toEqual([1, 2]);
    expect(history.rows[0]).toEqual({ key, counts: [2, 1], shallow: [96, 48] });
    expect(history.rows[1]).toEqual({ key: 1e6, counts: [null, null], shallow: [null, null] });
  });
});

describe('a dump that cannot be imported', () => {
  it('is cut, damaged, or not there', async () => {
    const bytes = dumpOf(SESSIONS);
    const cut = lab.dump(bytes.subarray(0, bytes.length - 60));
    await expect(lab.addDump(1, cut)).rejects.toMatchObject({ code: 'snapshot.cut', facts: { path: cut } });
    const altered = bytes.slice();
    altered[60]! ^= 1;
    await expect(lab.addDump(1, lab.dump(altered))).rejects.toMatchObject({ code: 'snapshot.damaged' });
    await expect(lab.addDump(1, '/nowhere/x.dump')).rejects.toMatchObject({ code: 'file.missing' });
  });

  it('is cancelled, or cannot be stored; the next one is imported all the same', async () => {
    const path = lab.dump(dumpOf(SESSIONS));
    const stop = new AbortController();
    const request = { path, signal: stop.signal, onProgress: () => undefined };
    await expect(lab.analysis.importDump({ ...request, onColumn: () => stop.abort() })).rejects.toMatchObject({ code: 'call.cancelled' });
    const full = () => Promise.reject(new HeapscopeError('recording.disk-full', { path: 'p', detail: '' }));
    const signal = new AbortController().signal;
    await expect(lab.analysis.importDump({ ...request, signal, onColumn: full })).rejects.toMatchObject({ code: 'recording.disk-full' });
    expect((await lab.addDump(1, path)).facts.objects).toBe(7);
  });

  it('is larger than memory: refused before it is read, with figures', async () => {
    const control = { check: () => undefined, progress: () => undefined };
    const job = { path: lab.dump(dumpOf(SESSIONS)), available: 1000 };
    await expect(importDump(job, () => Promise.resolve(), control)).rejects.toMatchObject({
      code: 'snapshot.too-large',
      facts: { objects: 7, available: 1000 },
    });
  });
});
