import { describe, expect, it } from 'vitest';
import { DUMP_ROOT } from './dump-numbers.ts';
import { FLAG, LABEL, NONE, REST } from './graph.ts';
import { finish } from './in-steps.ts';
import { shortestTree } from './shortest.ts';
import { attribute, local, modules, type HeapSpec, type ObjectSpec } from './testing/dump-builder.ts';
import { randomBelow } from './testing/oracle.ts';
import { edgesOf, heapOf } from './testing/heap-of.ts';

/** A program drawn as text: `module: name=object, …`, then what objects hold by attributes. */
function program(text: string, more: Partial<HeapSpec> & { kinds?: Record<string, Partial<ObjectSpec>> } = {}): HeapSpec {
  const { kinds = {}, ...spec } = more;
  const objects = new Map<string, ObjectSpec>();
  const word = (name: string): string => {
    objects.set(`'${name}'`, { id: `'${name}'`, type: 'str', text: name });
    return `'${name}'`;
  };
  const table: string[] = [];
  for (const line of text.trim().split('\n')) {
    const [, owner = '', kind, list = ''] = /^\s*([\w.]+)(:| >)\s*(.*)$/.exec(line) ?? [];
    const held = list.split(', ').map((one) => one.split('=') as [string, string]);
    if (kind === ':') {
      objects.set(owner, { id: owner, type: 'module', edges: [{ kind: LABEL.field, name: '__dict__', to: `${owner}.dict` }] });
      const entries = [['__name__', word(owner)], ...held].flatMap(([name = '', to = '']) => [word(name), to]);
      objects.set(`${owner}.dict`, { id: `${owner}.dict`, type: 'dict', rest: REST.pairs, edges: entries });
      table.push(word(owner), owner);
    } else objects.set(owner, { id: owner, ...kinds[owner], edges: held.map(([name, to]) => attribute(name, to)) });
  }
  const used = [...objects.values()].flatMap(({ edges = [] }) => edges.map((edge) => (typeof edge === 'string' ? edge : edge.to)));
  for (const id of used) if (!objects.has(id)) objects.set(id, { id, ...kinds[id] });
  objects.set('table', { id: 'table', type: 'dict', rest: REST.pairs, edges: table });
  return { objects: [...objects.values()], roots: [modules('table')], ...spec };
}

/** The chain to an object, by the names of its holders. */
function chain(spec: HeapSpec, id: string): string {
  const { graph, node, name } = heapOf(spec);
  const { parent } = finish(shortestTree(graph));
  const steps: string[] = [];
  for (let at = node(id); at !== NONE && at !== 0; at = parent[at]!) steps.push(name(at));
  return steps.reverse().slice(2).join(' ');
}

const CLASSES = [
  { name: 'Logger', module: 'logging', object: 'Logger' },
  { name: 'RootLogger', module: 'logging' },
];

describe('chains lead through the owner', () => {
  const logging = {
    types: CLASSES,
    kinds: { log: { type: 'Logger' }, rootlog: { type: 'RootLogger' }, Logger: { type: 'type', flags: FLAG.type } },
  };

  it('not through an instance of its class in another module', () => {
    const spec = program('retry: log=log\nlogging: root=rootlog\nlog > manager=manager\nrootlog > manager=manager', logging);
    expect(chain(spec, 'manager')).toBe('logging logging.dict rootlog manager');
  });

  it('nor through a class that was imported', () => {
    const spec = program('retry: Log=Logger\nlogging: Logger=Logger\nLogger > cache=cache', logging);
    expect(chain(spec, 'cache')).toBe('logging logging.dict Logger cache');
  });

  it('nor through a function that was imported', () => {
    const kinds = { f: { type: 'function' } };
    const spec = program('user: f=f\nowner: f=f\nf > __globals__=owner.dict, __kwdefaults__=defaults', { kinds });
    expect(chain(spec, 'defaults')).toBe('owner owner.dict f defaults');
  });

  it('nor through a container in a module that imports from the other, nor in the program itself', () => {
    const kinds = { Session: { type: 'type', flags: FLAG.type }, list: { type: 'list' } };
    const types = [{ name: 'Session', module: 'store', object: 'Session' }];
    const spec = program('views: Session=Session, kept=list\nstore: Session=Session, kept=list\nSession > x=x\nlist > x=y', {
      kinds,
      types,
    });
    expect(chain(spec, 'list')).toBe('store store.dict list');
    expect(chain(program('__main__: kept=list\nstore: kept=list\nlist > x=y', { kinds }), 'list')).toBe('store store.dict list');
  });

  it('but an object in a module is its own where its class keeps no list of it, and so is one that leads nowhere', () => {
    const spec = program('shop: log=log\nlogging: root=rootlog\nlog > x=handlers\nrootlog > children=children\nchildren > a=log', logging);
    expect(chain(spec, 'handlers')).toBe('shop shop.dict log handlers');
    expect(chain(program('a: lock=log\nb: x=y', logging), 'log')).toBe('a a.dict log');
  });

  it('a module is found by its own name', () => {
    const spec = program('a: x=p, y=posixpath\nposixpath: x=q');
    const table = spec.objects.find(({ id }) => id === 'table')!;
    const objects = [...spec.objects.filter((one) => one !== table), { id: "'os'", type: 'str', text: 'os' }];
    const twice = { ...table, edges: ["'os'", 'posixpath', ...(table.edges ?? [])] };
    const { graph, node } = heapOf({ ...spec, objects: [...objects, twice] });
    const { parent, edge } = finish(shortestTree(graph));
    expect(parent[node('posixpath')]).toBe(node('table'));
    expect(graph.edgeTo[edge[node('posixpath')]! - 1]).toBe(node("'posixpath'"));
  });
});

describe('modules come before frames', () => {
  it('however long the chain from a module is', () => {
    const frame = { kind: DUMP_ROOT.frame, name: 'main', refs: [local('x', 'd')] };
    const spec = program('app: a=a\na > x=b\nb > x=c\nc > x=d');
    expect(chain({ ...spec, roots: [...(spec.roots ?? []), { kind: DUMP_ROOT.thread, name: 'Main' }, { ...frame, parent: 1 }] }, 'd')).toBe(
      'app app.dict a b c d',
    );
  });
});

it('is as short as a walk level by level finds it, where there are no aliases', () => {
  const below = randomBelow(7);
  for (let round = 0; round < 40; round++) {
    const names = Array.from({ length: 12 }, (_, i) => `n${i}`);
    const drawn = Object.fromEntries(names.map((name) => [name, Array.from({ length: below(4) }, () => `n${below(12)}`).join(' ')]));
    const { graph, node } = edgesOf({ ...drawn, root: 'n0 n1' });
    const { parent } = finish(shortestTree(graph));
    const depth = (at: number): number => (at === 0 ? 0 : depth(parent[at]!) + 1);
    let level = ['n0', 'n1'];
    const seen = new Set(level);
    for (let steps = 2; level.length > 0; steps++) {
      for (const name of level) expect(depth(node(name))).toBe(steps);
      level = [...new Set(level.flatMap((name) => drawn[name]!.split(' ').filter(Boolean)))].filter((name) => !seen.has(name));
      for (const name of level) seen.add(name);
    }
  }
});
