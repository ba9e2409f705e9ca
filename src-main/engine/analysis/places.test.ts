import { describe, expect, it } from 'vitest';
import { DUMP_ROOT } from '../heap/dump-numbers.ts';
import { FLAG, LABEL, REST } from '../heap/graph.ts';
import { attribute, local, modules, type HeapSpec, type ObjectSpec } from '../heap/testing/dump-builder.ts';
import { groupsOf } from './groupings.ts';
import { Bench } from './testing.ts';

const word = (text: string): ObjectSpec => ({ id: `'${text}'`, type: 'str', text });
const field = (name: string, to: string) => ({ kind: LABEL.field, name, to });

/** A program with one module, `app`; `held` are the names in it. */
function app(held: Record<string, string>, objects: ObjectSpec[], more: Partial<HeapSpec> = {}): HeapSpec {
  const words = new Set(['app', '__name__', ...Object.keys(held)]);
  for (const { edges = [] } of objects)
    for (const to of edges) if (typeof to === 'string' && to.startsWith("'")) words.add(to.slice(1, -1));
  const names = Object.entries(held).flatMap(([name, to]) => [`'${name}'`, to]);
  return {
    objects: [
      { id: 'table', type: 'dict', rest: REST.pairs, edges: ["'app'", 'app'] },
      { id: 'app', type: 'module', edges: [field('__dict__', 'namespace')] },
      { id: 'namespace', type: 'dict', rest: REST.pairs, edges: ["'__name__'", "'app'", ...names] },
      ...[...words].map(word),
      ...objects,
    ],
    roots: [modules('table')],
    ...more,
  };
}

/** Where the objects are held, by their names. */
function placesOf(spec: HeapSpec, ...ids: string[]): string[] {
  const bench = new Bench(spec);
  const { keyOf, label } = groupsOf(bench.view(), 'holder');
  return ids.map((id) => {
    const { module, name } = label(keyOf(bench.node(id)));
    return [module, name].filter((part) => part !== '').join('.');
  });
}

const list = (id: string, ...edges: string[]): ObjectSpec => ({ id, type: 'list', rest: REST.items, edges });
const dict = (id: string, ...edges: string[]): ObjectSpec => ({ id, type: 'dict', rest: REST.pairs, edges });

describe('the nearest named place', () => {
  it('of what containers hold is that of the outermost, however deep they are', () => {
    const spec = app({ kept: 'kept' }, [list('kept', 'row'), list('row', 'cell'), list('cell', 'x'), { id: 'x' }]);
    expect(placesOf(spec, 'kept', 'row', 'cell', 'x')).toEqual(['app.kept', 'app.kept[…]', 'app.kept[…]', 'app.kept[…]']);
  });

  it('is an attribute of an instance or a class, in its dictionary and in a slot', () => {
    const objects: ObjectSpec[] = [
      { id: 'one', type: 'Session', edges: [attribute('user', 'u1')] },
      { id: 'two', type: 'Session', edges: [field('__dict__', 'two.dict')] },
      { ...dict('two.dict', "'user'", 'u2'), flags: FLAG.instanceDict },
      { id: 'u1', type: 'User' },
      { id: 'u2', type: 'User' },
      { id: 'Session', type: 'type', flags: FLAG.type, edges: [field('__dict__', 'Session.dict')] },
      dict('Session.dict', "'cache'", 'cache', "'run'", 'run'),
      list('cache', 'item'),
      { id: 'item' },
      { id: 'run', type: 'function', edges: [attribute('__code__', 'item')] },
    ];
    const types = [{ name: 'Session', module: 'app', object: 'Session' }];
    const spec = app({ one: 'one', two: 'two', Session: 'Session' }, objects, { types });
    expect(placesOf(spec, 'u1', 'u2', 'cache', 'item', 'run', 'Session', 'one')).toEqual([
      ...['app.Session.user', 'app.Session.user', 'app.Session.cache', 'app.Session.cache[…]'],
      // Code, and values that are small, are told by the class or module that has them.
      ...['app.Session', 'app', 'app.one'],
    ]);
  });

  it('is a local variable, and what else a root holds is told by the root', () => {
    const frame = { kind: DUMP_ROOT.frame, name: 'main', parent: 1, refs: [local('rows', 'rows')] };
    const roots = [modules('table'), { kind: DUMP_ROOT.thread, name: 'Main' }, frame];
    const spec = app({}, [list('rows', 'x'), { id: 'x' }, { id: 'loose', refs: 1, size: 4096 }], { roots });
    expect(placesOf(spec, 'rows', 'x', 'loose', 'app')).toEqual(['main() rows', 'main() rows[…]', 'c-code', 'sys.modules']);
  });
});

describe('keys', () => {
  const records = (...keys: string[][]): HeapSpec => {
    const rows = keys.map((own, i) => dict(`row${i}`, ...own.flatMap((key, at) => [`'${key}'`, `value${i}.${at}`])));
    const values = keys.flatMap((own, i) => own.map((_, at): ObjectSpec => ({ id: `value${i}.${at}`, type: 'Value' })));
    return app({ rows: 'rows' }, [list('rows', ...rows.map(({ id }) => id)), ...rows, ...values]);
  };

  it('that several dictionaries of one place have are names', () => {
    expect(placesOf(records(['name', 'age'], ['name', 'age']), 'value0.0', 'value1.0', 'value1.1')).toEqual([
      ...["app.rows[…]['name']", "app.rows[…]['name']", "app.rows[…]['age']"],
    ]);
  });

  it.each(['18d8992d-9487-46ad-bd1e-5b32c65864b1', 'a94a8fe5ccb19ba61c4c', 'user-4711234', '/p/1?x', 'x'.repeat(60)])(
    'like %s are not, however often they are there',
    (key) => {
      expect(placesOf(records([key], [key]), 'value0.0', 'value1.0')).toEqual(['app.rows[…]', 'app.rows[…]']);
    },
  );

  it('are names in a dictionary of a few, and none of many that stand alone', () => {
    const many = Array.from({ length: 40 }, (_, i) => `user ${String.fromCharCode(97 + (i % 26))}${i}`);
    expect(placesOf(records(['db', 'log']), 'value0.0')).toEqual(["app.rows[…]['db']"]);
    expect(placesOf(records(many), 'value0.0', 'value0.39')).toEqual(['app.rows[…]', 'app.rows[…]']);
  });

  it('themselves are held by their dictionary', () => {
    const spec = app({ rows: 'rows' }, [dict('rows', 'key', 'value'), { id: 'key', type: 'Key' }, { id: 'value' }]);
    expect(placesOf(spec, 'key', 'value')).toEqual(['app.rows{…:}', 'app.rows[…]']);
  });
});
