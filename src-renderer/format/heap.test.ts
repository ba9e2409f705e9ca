import { describe, expect, test } from 'vitest';
import type { EdgeName, ObjectSet } from '../../src-preload/contract/index.ts';
import {
  addressText,
  codeParts,
  edgeText,
  edgeTitle,
  groupHover,
  groupText,
  groupTitle,
  objectText,
  setText,
  snapshotName,
  stepText,
  typeText,
} from './heap.ts';

const edge = (kind: EdgeName['kind'], text: string, weak = false): EdgeName => ({ kind, text, weak });

test.each<[EdgeName, string]>([
  [edge('attribute', 'user'), '.user'],
  [edge('key', "'name'"), "['name']"],
  [edge('key', ''), '[…]'],
  [edge('index', '17'), '[17]'],
  [edge('member', ''), '{…}'],
  [edge('dict-key', "'name'"), "{'name':}"],
  [edge('field', '__dict__'), '__dict__'],
  [edge('local', 'request'), 'request'],
  [edge('unnamed', ''), '→'],
  [edge('root', ''), ''],
])('%j reads %s', (name, text) => expect(edgeText(name)).toBe(text));

test('a weak reference says so', () => expect(edgeTitle(edge('attribute', 'x', true))).toBe('attribute, weak: does not hold'));

test('builtins go without their module', () => {
  expect([typeText({ module: '', name: 'dict' }), typeText({ module: 'collections', name: 'deque' })]).toEqual([
    'dict',
    'collections.deque',
  ]);
});

describe('objects and roots', () => {
  test('an object by its value, else by its address', () => {
    const dict = { kind: 'object' as const, type: { module: '', name: 'dict' }, address: 0x7f3a, preview: '' };
    expect([objectText(dict), objectText({ ...dict, preview: '{3 items}' })]).toEqual(['dict 0x7f3a', 'dict {3 items}']);
  });

  test('a root by its kind and what it is called', () => {
    const frame = { kind: 'frame' as const, type: { module: '', name: '' }, address: 0, preview: 'main()', merged: 1 };
    expect([objectText(frame), stepText(frame), addressText(0)]).toEqual(['Frame main()', 'Frame main()', '']);
    expect(stepText({ ...frame, merged: 12 })).toBe('Frame main() × 12');
  });
});

test.each([
  ['Session.load app.py:41', { name: 'Session.load', place: 'app.py:41', state: '' }],
  ['Task-7 check app.py:41 suspended', { name: 'Task-7 check', place: 'app.py:41', state: 'suspended' }],
  ['check app.py:41 created', { name: 'check', place: 'app.py:41', state: 'not started' }],
  ['<lambda>', null],
])('the text %j of code has a name and a line', (text, parts) => expect(codeParts(text)).toEqual(parts));

describe('rows of types', () => {
  test('a line of code by its file, with its folder on hover', () => {
    const row = { kind: 'site' as const, label: { module: '/srv/app.py', name: 'app.py:12' } };
    expect([groupText(row), groupTitle(row)]).toEqual(['app.py:12', '/srv/app.py:12']);
  });

  test('what has no name has one all the same', () => {
    const label = { module: '', name: '' };
    expect([groupText({ kind: 'module', label }), groupText({ kind: 'site', label })]).toEqual([
      '(builtins)',
      '(made before tracing began)',
    ]);
    expect(groupHover({ kind: 'site', label })).toContain('not traced');
  });
});

test.each<[ObjectSet, string]>([
  [{ of: 'all' }, 'all objects'],
  [{ of: 'group', by: 'type', key: 1 }, 'app.User'],
  [{ of: 'nodes', nodes: [1, 2] }, '2 chosen objects'],
  [{ of: 'retained', node: 1 }, 'kept alive by dict 0x1 alone'],
  [{ of: 'changed', base: { project: 'p', snapshot: 1 }, part: 'new', by: 'type', key: 1 }, 'new: app.User'],
])('%j is %s', (set, text) => expect(setText(set, 'dict 0x1', 'app.User')).toBe(text));

test('a snapshot without a name goes by its number', () => {
  expect([snapshotName({ id: 3, name: '' }), snapshotName({ id: 3, name: 'before' })]).toEqual(['Snapshot 3', 'before']);
});
