import { expect, it } from 'vitest';
import { FLAG, LABEL, REST } from '../heap/graph.ts';
import { attribute, modules, type ObjectSpec } from '../heap/testing/dump-builder.ts';
import { heapOf } from '../heap/testing/heap-of.ts';
import { keyText } from './key-text.ts';

const tuple = (id: string, ...edges: string[]): ObjectSpec => ({ id, type: 'tuple', rest: REST.items, edges });
const word = (text: string): ObjectSpec => ({ id: `'${text}'`, type: 'str', text });
const { graph, node } = heapOf({
  objects: [
    { id: 'table', type: 'dict', rest: REST.pairs, edges: ["'builtins'", 'builtins', "'keys'", 'keys'] },
    { id: 'builtins', type: 'module', edges: [{ kind: LABEL.field, name: '__dict__', to: 'namespace' }] },
    { id: 'namespace', type: 'dict', rest: REST.pairs, edges: ["'True'", 'yes', "'False'", 'no', "'__debug__'", 'yes'] },
    ...['builtins', 'keys', 'True', 'False', '__debug__', 'a', 'RED', 'BLUE', '_name_', '_value_'].map(word),
    { id: 'yes', type: 'bool' },
    { id: 'no', type: 'bool' },
    { id: 'one', type: 'int', text: '1' },
    { id: 'half', type: 'float' },
    { id: 'seen', type: 'float', preview: '0.5' },
    { id: 'raw', type: 'bytes' },
    { id: "b'it'", type: 'bytes', text: "b'it'" },
    { id: '2.5', type: 'float', text: '2.5' },
    { id: '1j', type: 'complex', text: '1j', preview: 'of values' },
    tuple('values', "b'it'", '2.5', '1j'),
    tuple('pair', 'one', "'a'"),
    tuple('single', 'yes'),
    tuple('nested', 'pair', 'half'),
    tuple('deep', 'nested'),
    tuple('deeper', 'deep'),
    tuple('long', 'one', 'one', 'one', 'one', 'one'),
    { id: 'set', type: 'frozenset', rest: REST.members, edges: ['one'] },
    { id: 'Job', type: 'type', flags: FLAG.type },
    { id: 'red', type: 'Color', edges: [attribute('_value_', 'one'), attribute('_name_', "'RED'")] },
    { id: 'blue', type: 'Color', edges: [{ kind: LABEL.field, name: '__dict__', to: 'dict' }] },
    { id: 'dict', type: 'dict', rest: REST.pairs, edges: ["'_value_'", 'one', "'_name_'", "'BLUE'"] },
    { id: 'named', type: 'Plain', edges: [attribute('_name_', "'RED'")] },
    {
      ...{ id: 'keys', type: 'list', rest: REST.items },
      edges: [
        'half',
        'seen',
        'raw',
        "b'it'",
        '2.5',
        '1j',
        'values',
        'single',
        'deeper',
        'long',
        'set',
        'Job',
        'red',
        'blue',
        'named',
        'no',
      ],
    },
  ],
  roots: [modules('table')],
  types: [
    { name: 'Job', module: 'shop', object: 'Job' },
    { name: 'Color', module: 'shop' },
  ],
});

it.each([
  ["'a'", "'a'"],
  ['one', '1'],
  ['yes', 'True'],
  ['no', 'False'],
  ['seen', '0.5'],
  ["b'it'", "b'it'"],
  ['2.5', '2.5'],
  ['1j', '1j'],
  ['values', "(b'it', 2.5, 1j)"],
  ['pair', "(1, 'a')"],
  ['single', '(True,)'],
  ['nested', "((1, 'a'), <float>)"],
  ['deeper', '(((…),),)'],
  ['long', '(1, 1, 1, 1, …)'],
  ['set', 'frozenset({1})'],
  ['Job', 'shop.Job'],
  ['red', 'Color.RED'],
  ['blue', 'Color.BLUE'],
])('the key %s is shown as %s', (id, text) => {
  expect(keyText(graph, node(id))).toBe(text);
});

it.each(['half', 'raw', 'named'])('the value of %s is not recorded: its type and address', (id) => {
  expect(keyText(graph, node(id))).toMatch(/^<\w+ at 0x[0-9a-f]+>$/);
});
