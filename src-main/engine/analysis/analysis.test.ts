import { afterEach, describe, expect, it } from 'vitest';
import { REST } from '../heap/graph.ts';
import { attribute, dumpOf, modules, type HeapSpec } from '../heap/testing/dump-builder.ts';
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
    expect(types.sums).toEqual({ count: 7, shallow: 1492 });

    const found = await lab.query('heap.objects', { ...refTo(1), set: { of: 'group', by: 'type', key: session.key }, ...ALL });
    expect(found.rows.map(({ holder }) => holder)).toEqual(['modules › app › sessions › [0]', 'modules › app › sessions › [1]']);
    const detail = await lab.query('heap.object', { ...refTo(1), node: found.rows[0]!.node });
    expect(detail).toMatchObject({ kind: 'object', shallow: 48, retained: 48, deepSize: 1048, referents: 1, referrers: 1, cycle: null });
  });
});

describe('what goes wrong', () => {
  it('tells that a dump is cut, damaged, or not there', async () => {
    const bytes = dumpOf(SESSIONS);
    await expect(lab.addDump(1, lab.dump(bytes.subarray(0, bytes.length - 60)))).rejects.toMatchObject({ code: 'snapshot.cut' });
    const altered = bytes.slice();
    altered[60]! ^= 1;
    await expect(lab.addDump(1, lab.dump(altered))).rejects.toMatchObject({ code: 'snapshot.damaged' });
    await expect(lab.addDump(1, '/nowhere/x.dump')).rejects.toMatchObject({ code: 'file.missing' });
  });
});
