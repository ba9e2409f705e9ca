import { expect, it } from 'vitest';
import { FLAG, LABEL, REST } from '../heap/graph.ts';
import { modules } from '../heap/testing/dump-builder.ts';
import { heapOf } from '../heap/testing/heap-of.ts';
import { edgeName } from './edge-names.ts';

it('what an instance has under a key that is no word is no attribute', () => {
  const { graph, node } = heapOf({
    objects: [
      { id: 'it', type: 'Plain', edges: [{ kind: LABEL.field, name: '__dict__', to: 'dict' }] },
      { id: 'dict', type: 'dict', rest: REST.pairs, edges: ["'user'", 'value', '7', 'value', '0.5', 'value'], flags: FLAG.instanceDict },
      { id: "'user'", type: 'str', text: 'user' },
      { id: '7', type: 'int', text: '7' },
      { id: '0.5', type: 'float', text: '0.5' },
      { id: 'value' },
    ],
    roots: [modules('it')],
  });
  const first = graph.edgeStart[node('dict')]!;
  const names = [1, 3, 5].map((edge) => edgeName(graph, node('dict'), first + edge));
  expect(names.map(({ kind, text }) => [kind, text])).toEqual([
    ['attribute', 'user'],
    ['key', '7'],
    ['key', '0.5'],
  ]);
});
