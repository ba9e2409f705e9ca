import { describe, expect, it } from 'vitest';
import { REST } from '../heap/graph.ts';
import { field, modules, type HeapSpec } from '../heap/testing/dump-builder.ts';
import { compareGroups } from './queries/compare-groups.ts';
import { groups, groupsOfAll } from './queries/groups.ts';
import { objects } from './queries/objects.ts';
import { ALL, Bench, refTo } from './testing.ts';

const REF = refTo(1);

/** Two tasks that wait at one line, of which one also has its own name; a third at another; a value that looks like code. */
const WAITING: HeapSpec = {
  objects: [
    { id: 't1', type: 'Task', edges: [field('coro', 'c1')], preview: 'Task-1 check app.py:3', size: 200 },
    { id: 't2', type: 'Task', edges: [field('coro', 'c2')], preview: 'mine check app.py:3', size: 200 },
    { id: 't3', type: 'Task', edges: [], preview: 'Task-3', size: 200 },
    { id: 'c1', type: 'coroutine', preview: 'check app.py:5 suspended', size: 100 },
    { id: 'c2', type: 'coroutine', preview: 'check app.py:5 suspended', size: 100 },
    { id: 'c3', type: 'coroutine', preview: 'check app.py:7 suspended', size: 100 },
    { id: 'f', type: 'function', preview: 'check app.py:3', size: 50 },
    { id: 'text', type: 'str', preview: 'check app.py:5 suspended', size: 60 },
  ],
  roots: [modules('t1', 't2', 't3', 'c3', 'f', 'text')],
  types: [{ name: 'Task', module: '_asyncio' }],
};

const label = ({ label: { module, name } }: { label: { module: string; name: string } }): string => `${module} ${name}`;

describe('objects by what their code is called', () => {
  const bench = new Bench(WAITING);

  it('are together where name, line and state are the same; a task counts by its coroutine', () => {
    const rows = groupsOfAll(bench.view(), 'code');
    expect(Object.fromEntries(rows.map((row) => [label(row), [row.count, row.shallow, row.retained]]))).toEqual({
      '_asyncio.Task check app.py:5 suspended': [2, 400, 600],
      '_asyncio.Task Task-3': [1, 200, 200],
      'coroutine check app.py:5 suspended': [2, 200, 200],
      'coroutine check app.py:7 suspended': [1, 100, 100],
      'function check app.py:3': [1, 50, 50],
    });
  });

  it('are listed for a row, and counted within a set; what is no code is in no row', () => {
    const rows = groups(bench.scope, { ...REF, ...ALL, by: 'code', within: { of: 'all' }, parent: null }).rows;
    const key = rows.find((row) => label(row) === 'coroutine check app.py:5 suspended')!.key;
    const listed = objects(bench.scope, { ...REF, ...ALL, set: { of: 'group', by: 'code', key } }).rows;
    expect(bench.names(listed.map(({ node }) => node)).sort()).toEqual(['c1', 'c2']);
    const some = { of: 'nodes' as const, nodes: ['c1', 'f', 'text'].map((id) => bench.node(id)) };
    const within = groups(bench.scope, { ...REF, ...ALL, by: 'code', within: some, parent: null }).rows;
    expect(within.map(({ count }) => count)).toEqual([1, 1]);
  });

  it('shows in a comparison which of them pile up', () => {
    const fewer = { ...WAITING, objects: WAITING.objects.filter(({ id }) => id !== 'c3') };
    const both = new Bench(fewer, WAITING);
    const { rows } = compareGroups(both.scope, {
      snapshots: [REF, refTo(2)],
      by: 'code',
      growing: false,
      changed: false,
      below: 'all',
      ...ALL,
    });
    expect(rows.filter(({ counts }) => counts[0] !== counts[1]).map((row) => [label(row), row.counts])).toEqual([
      ['coroutine check app.py:7 suspended', [0, 1]],
    ]);
  });
});

/** Two classes of one name, one with methods; one of another name; one that has no instance. */
const CLASSES: HeapSpec = {
  objects: [
    { id: 'one', type: 'type', flags: 2, edges: [field('__dict__', 'ns')] },
    { id: 'two', type: 'type', flags: 2 },
    { id: 'user', type: 'type', flags: 2 },
    { id: 'ns', type: 'dict', rest: REST.pairs, edges: ['k', 'late', 'k', 'first', 'k', 'foreign'] },
    { id: 'k', type: 'str' },
    { id: 'late', type: 'function', preview: 'Session.close models.py:20' },
    { id: 'first', type: 'function', preview: 'Session.load models.py:12' },
    { id: 'foreign', type: 'function', preview: 'helper models.py:3' },
    { id: 'a', type: 'first Session', size: 10 },
    { id: 'b', type: 'second Session', size: 10 },
    { id: 'c', type: 'second Session', size: 10 },
    { id: 'd', type: 'User', size: 10 },
  ],
  roots: [modules('one', 'two', 'user', 'a', 'b', 'c', 'd')],
  types: [
    { name: 'Session', module: 'app', object: 'one', id: 'first Session' },
    { name: 'Session', module: 'app', object: 'two', id: 'second Session' },
    { name: 'User', module: 'app', object: 'user' },
  ],
};

describe('classes of one name', () => {
  const bench = new Bench(CLASSES);

  it('are one row by type, which says how many they are', () => {
    const rows = groupsOfAll(bench.view(), 'type');
    const counts = Object.fromEntries(rows.map((row) => [label(row), [row.count, row.classes]]));
    expect(counts).toMatchObject({ 'app Session': [3, 2], 'app User': [1, 1] });
  });

  it('are told apart by the first line of their methods and by their address', () => {
    const address = (id: string): string => `0x${bench.view().graph.address[bench.node(id)]!.toString(16)}`;
    const rows = groupsOfAll(bench.view(), 'class');
    expect(Object.fromEntries(rows.map((row) => [label(row), row.count]))).toMatchObject({
      [`app Session models.py:12 ${address('one')}`]: 1,
      [`app Session ${address('two')}`]: 2,
      'app User': 1,
    });
  });

  it('have their name and place as objects, also where values were not recorded', () => {
    const listed = objects(bench.scope, { ...REF, ...ALL, set: { of: 'nodes', nodes: ['one', 'two'].map((id) => bench.node(id)) } }).rows;
    expect(listed.map(({ preview }) => preview).sort()).toEqual(['app.Session', 'app.Session models.py:12']);
    const found = objects(bench.scope, { ...REF, ...ALL, set: { of: 'all' }, filter: { kind: 'word', text: 'models.py:12' } }).rows;
    expect(bench.names(found.map(({ node }) => node))).toContain('one');
  });
});
