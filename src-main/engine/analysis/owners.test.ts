import { expect, it } from 'vitest';
import { REST } from '../heap/graph.ts';
import { attribute, field, modules, type HeapSpec } from '../heap/testing/dump-builder.ts';
import { edges } from './queries/edges.ts';
import { ALL, Bench, refTo } from './testing.ts';

const NAMESPACE = 16;

/** `CACHE` of the module `__main__`, which a session refers to, too, and a plain dictionary. */
const APP: HeapSpec = {
  objects: [
    { id: 'main', type: 'module', edges: [field('__dict__', 'ns')] },
    {
      id: 'ns',
      type: 'dict',
      flags: NAMESPACE,
      rest: REST.pairs,
      edges: ['k-name', 'name', 'k-cache', 'cache', 'k-session', 'session', 'k-plain', 'plain'],
    },
    { id: 'k-name', type: 'str', text: '__name__' },
    { id: 'name', type: 'str', text: '__main__' },
    { id: 'k-cache', type: 'str', text: 'CACHE' },
    { id: 'k-session', type: 'str', text: 'session' },
    { id: 'k-plain', type: 'str', text: 'plain' },
    { id: 'session', type: 'Session', edges: [attribute('cache', 'cache')] },
    { id: 'plain', type: 'dict', rest: REST.pairs, edges: ['k-cache', 'cache'] },
    { id: 'cache', type: 'dict' },
  ],
  roots: [modules('main')],
};

it('names the module, and not its dictionary, as the holder of a global', () => {
  const bench = new Bench(APP);
  const { rows } = edges(bench.scope, { ...refTo(1), ...ALL, node: bench.node('cache'), direction: 'referrers' });
  const said = rows.map(({ name, object, owner }) => [name.text, object.type.name, owner && `${owner.type.name} ${owner.preview}`]);
  expect(said.sort()).toEqual([
    ["'CACHE'", 'dict', null],
    ['CACHE', 'dict', 'module __main__'],
    ['cache', 'Session', null],
  ]);
});
