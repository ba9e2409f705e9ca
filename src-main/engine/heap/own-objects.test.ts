import { describe, expect, it } from 'vitest';
import { FLAG, REST } from './graph.ts';
import { modules, type HeapSpec } from './testing/dump-builder.ts';
import { heapOf } from './testing/heap-of.ts';

const OWN = '/opt/heapscope_agent/layout/objects.py:28';
const left = (spec: HeapSpec): string[] => {
  const heap = heapOf(spec);
  return spec.objects.map(({ id }) => id).filter((id) => heap.has(id));
};

describe('objects of the agent that its modules do not lead to', () => {
  it('are those that its lines allocated, wherever they are held', () => {
    const spec: HeapSpec = {
      objects: [
        { id: 'table', edges: ['cache', 'name', 'value'] },
        { id: 'cache', type: 'dict', rest: REST.pairs, edges: ['key', 'struct', 'name', 'value'], site: ['/usr/lib/struct.py:1'] },
        { id: 'key', type: 'str', text: '<5Q', site: [OWN] },
        { id: 'struct', type: 'Struct', site: [OWN, '/app/main.py:1'] },
        { id: 'name', type: 'str', text: 'run', flags: FLAG.interned, site: [OWN] },
        { id: 'value', type: 'list', site: ['/app/main.py:2', OWN] },
        { id: 'loose', type: 'tuple', refs: 1, site: [OWN] },
        { id: 'theirs', type: 'tuple', refs: 1, site: ['/app/heapscope_agent/app.py:3'] },
      ],
      roots: [modules('table')],
    };
    expect(left(spec)).toEqual(['table', 'cache', 'name', 'value', 'theirs']);
    expect(heapOf(spec).graph.facts.agentObjects).toBe(3);
  });

  it('are instances of its classes, with the arguments of the call that C code is in', () => {
    const spec: HeapSpec = {
      objects: [
        { id: 'table', edges: ['shared'] },
        { id: 'args', type: 'tuple', rest: REST.items, edges: ['run'], refs: 1 },
        { id: 'run', type: 'Run', edges: ['ident', 'shared'] },
        { id: 'ident', type: 'int' },
        { id: 'shared', type: 'list' },
        { id: 'others', type: 'tuple', rest: REST.items, edges: ['run', 'thing'], refs: 1 },
        { id: 'thing', type: 'Thing' },
        { id: 'empty', type: 'tuple', rest: REST.items, refs: 1 },
      ],
      roots: [modules('table')],
      types: [
        { name: 'Run', module: 'heapscope_agent.agent' },
        { name: 'Thing', module: 'heapscope_agents' },
      ],
    };
    expect(left(spec)).toEqual(['table', 'shared', 'others', 'thing', 'empty']);
  });
});
