import { describe, expect, test } from 'vitest';
import type { EdgeName, EdgeRow, PathStep, Paths } from '../../../../src-preload/contract/index.ts';
import { chainLines, chainText, firstWay, otherWays } from './chain.ts';
import { holderGraph } from './holder-graph.ts';

const named = (kind: EdgeName['kind'], text: string): EdgeName => ({ kind, text, weak: false });
function step(node: number, type: string, name: EdgeName | null, next: PathStep[] = [], change: Partial<PathStep> = {}): PathStep {
  return {
    node,
    kind: 'object',
    type: { module: '', name: type },
    name,
    shallow: 1,
    retained: 2,
    count: 1,
    merged: 1,
    others: 0,
    preview: '',
    line: null,
    next,
    ...change,
  };
}
const paths = (...roots: PathStep[]): Paths => ({ roots, asked: 1, reached: 1, cut: false });

/** modules › app › sessions, which holds two users: [17] and [18]. */
const users = paths(
  step(
    1,
    '',
    null,
    [
      step(2, 'dict', named('key', "'app'"), [
        step(3, 'list', named('attribute', 'sessions'), [step(4, 'User', named('index', '17')), step(5, 'User', named('index', '18'))]),
      ]),
    ],
    {
      kind: 'modules',
    },
  ),
);

describe('ways as lines', () => {
  test('no ways are no lines', () => {
    expect([chainLines(paths()), firstWay(paths()), chainText(paths())]).toEqual([[], '', '']);
  });

  test('a line is deeper only where ways part', () => {
    expect(chainLines(users).map(({ step: { node }, level, leaf }) => [node, level, leaf])).toEqual([
      [1, 0, false],
      [2, 0, false],
      [3, 0, false],
      [4, 1, true],
      [5, 1, true],
    ]);
  });

  test('many objects held by one are told by the first of them, others by their number', () => {
    const leaves = Array.from({ length: 40 }, (_, at) => step(100 + at, 'User', named('index', String(at))));
    const list = step(
      3,
      'list',
      named('attribute', 'sessions'),
      [step(50, 'dict', named('index', '90'), [step(51, 'User', named('key', 'x'))]), ...leaves],
      { count: 61_000 },
    );
    const lines = chainLines(paths(step(1, '', null, [list], { kind: 'modules' })));
    expect(lines.map(({ step: { node }, more }) => (more > 0 ? `+${more}` : node))).toEqual([
      1,
      3,
      50,
      51,
      100,
      101,
      102,
      103,
      104,
      '+60994',
    ]);
  });

  test('the first way reads as one would write it', () => {
    expect(firstWay(users)).toBe('Modules › app › sessions › [17]');
  });

  test('dictionaries of modules and instances are passed over, keys of others keep their brackets', () => {
    const module = step(3, 'module', named('key', "'app'"), [
      step(4, 'dict', named('field', '__dict__'), [
        step(5, 'dict', named('key', "'registry'"), [step(6, 'User', named('key', "'ann'"), [step(7, 'str', named('attribute', 'name'))])]),
      ]),
    ]);
    const way = paths(step(1, '', null, [step(2, 'dict', named('root', ''), [module])], { kind: 'modules' }));
    expect(firstWay(way)).toBe("Modules › app › registry › ['ann'] › name");
  });

  test('a frame is told with its thread', () => {
    const way = paths(
      step(
        1,
        '',
        null,
        [step(2, '', named('unnamed', ''), [step(3, 'list', named('local', 'rows'))], { kind: 'frame', preview: 'main()' })],
        { kind: 'thread', preview: 'MainThread' },
      ),
    );
    expect(firstWay(way)).toBe('Thread MainThread › Frame main() › rows');
  });

  test('like entries are one line, and threads are told by what they run', () => {
    const entries = step(3, 'tuple', named('index', '*'), [], { merged: 675, count: 675 });
    const threads = step(2, '', named('root', ''), [step(4, 'list', named('local', 'rows'), [entries])], {
      ...{ kind: 'thread', preview: 'worker()', merged: 12 },
    });
    const way = { ...paths(step(1, '', null, [threads], { kind: 'threads' })), asked: 675, reached: 675 };
    expect(firstWay(way)).toBe('Threads › Thread worker() × 12 › rows › [*]');
    expect(chainText(way).split('\n').at(-1)).toBe('[*]  tuple × 675');
    expect(chainLines(way)).toHaveLength(4);
  });

  test('other ways to what is on the path are counted', () => {
    expect(otherWays(paths())).toBe(0);
    expect(otherWays(paths(step(1, '', null, [step(2, 'list', named('attribute', 'a'), [], { others: 3 })], { others: 1 })))).toBe(4);
  });

  test('a chain of a hundred thousand is no deeper than any', () => {
    let chain = step(100_000, 'Node', named('attribute', 'next'));
    for (let node = 99_999; node > 0; node -= 1) chain = step(node, 'Node', named('attribute', 'next'), [chain]);
    expect(chainLines(paths(chain))).toHaveLength(100_000);
  });
});

describe('ways as a graph', () => {
  const holder = (node: number, name: EdgeName): EdgeRow => ({
    index: 0,
    name,
    children: 0,
    owner: null,
    object: {
      node,
      kind: 'object',
      type: { module: 'app', name: 'Cache' },
      address: 255,
      shallow: 1,
      retained: 1,
      atLeast: 'none',
      garbage: null,
      referrers: 0,
      referents: 0,
      length: null,
      array: null,
      preview: '',
      holder: '',
    },
  });

  test('an object stands once, however many ways lead through it', () => {
    const two = paths(
      step(1, '', null, [step(3, 'list', named('attribute', 'a'))], { kind: 'modules' }),
      step(2, '', null, [step(3, 'list', named('local', 'b'))], { kind: 'frame' }),
    );
    const { nodes, edges } = holderGraph(two, []);
    expect(nodes.map(({ id, tone }) => [id, tone]).sort()).toEqual([
      [1, 'root'],
      [2, 'root'],
      [3, 'target'],
    ]);
    expect(edges).toHaveLength(2);
  });

  test('unfolded holders join, those that are there already by an edge alone, weak ones in brackets', () => {
    const { nodes, edges } = holderGraph(users, [
      { node: 4, holders: [holder(3, named('index', '17')), holder(9, { ...named('attribute', 'last'), weak: true })] },
    ]);
    expect(nodes.find(({ id }) => id === 9)).toEqual({ id: 9, title: 'app.Cache', detail: '0xff', tone: 'object' });
    expect(edges.filter(({ to }) => to === 4)).toEqual([
      { from: 3, to: 4, label: '[17]' },
      { from: 9, to: 4, label: '(.last)' },
    ]);
  });
});
