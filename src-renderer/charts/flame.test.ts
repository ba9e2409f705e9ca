import { describe, expect, test, vi } from 'vitest';
import { findPath, layFlame, moveFrom, nodeAt, pathOf, rowOf, viewOf } from './flame-layout.ts';
import type { FlameNodes } from './flame-layout.ts';
import { CHOSEN, MATCH, PLAIN, flamePng, paintFlame, toneOf } from './flame-paint.ts';
import type { FlamePen, FlamePicture } from './flame-paint.ts';

/** `[parent, name, bytes]` each; files are `<name>.py`, lines count. */
function flameOf(...nodes: [number, string, number][]): FlameNodes {
  return {
    parent: Float64Array.from(nodes, ([parent]) => parent),
    bytes: Float64Array.from(nodes, ([, , bytes]) => bytes),
    function: nodes.map(([, name]) => name),
    file: nodes.map(([, name]) => `${name}.py`),
    line: Float64Array.from(nodes, (_, line) => line),
  };
}

const whole = { from: 0, to: 1 };
/** main calls parse (6) and load (2); of the eight bytes none are its own. */
const program = flameOf([-1, '', 8], [0, 'main', 8], [1, 'parse', 6], [1, 'load', 2]);

describe('boxes', () => {
  test('are as wide as their bytes, and beside each other by name, whatever the order they came in', () => {
    const layout = layFlame(program);
    expect([...layout.order]).toEqual([0, 1, 3, 2]);
    expect([...layout.rows]).toEqual([0, 1, 2, 4]);
    expect([...layout.width]).toEqual([1, 1, 0.75, 0.25]);
    expect([...layout.left]).toEqual([0, 0, 0.25, 0]);
  });

  test('of one name are told apart by their lines', () => {
    const layout = layFlame({ ...flameOf([-1, '', 3], [0, 'f', 1], [0, 'f', 2]), line: Float64Array.from([0, 9, 4]) });
    expect([...layout.order]).toEqual([0, 2, 1]);
  });

  test('leave room for what is allocated between the calls', () => {
    expect([...layFlame(flameOf([-1, '', 8], [0, 'main', 8], [1, 'load', 2])).width]).toEqual([1, 1, 0.25]);
  });

  test('of what shrank have no width, and what grew below is as wide as it grew', () => {
    const layout = layFlame(flameOf([-1, '', -2], [0, 'main', -2], [1, 'grows', 4], [1, 'shrinks', -6]));
    expect([...layout.width]).toEqual([1, 1, 1, 0]);
  });

  test('are none where nothing is, or nothing grew', () => {
    expect(layFlame(flameOf()).rows).toHaveLength(0);
    expect([...layFlame(flameOf([-1, '', -2], [0, 'main', -2])).width]).toEqual([0, 0]);
  });

  test('are found where they are, and nowhere else', () => {
    const layout = layFlame(flameOf([-1, '', 8], [0, 'main', 8], [1, 'parse', 4], [1, 'load', 2]));
    expect([0, 0.249, 0.25, 0.74].map((x) => nodeAt(layout, 2, x))).toEqual([3, 3, 2, 2]);
    expect([nodeAt(layout, 2, 0.75), nodeAt(layout, 3, 0), nodeAt(layout, -1, 0)]).toEqual([null, null, null]);
  });

  test('of a row are those in view', () => {
    const layout = layFlame(program);
    expect([...rowOf(layout, 2, whole)]).toEqual([3, 2]);
    expect([...rowOf(layout, 2, viewOf(layout, 2))]).toEqual([2]);
    expect([...rowOf(layout, 1, viewOf(layout, 2))]).toEqual([1]);
  });

  test('of a hundred thousand nodes are laid out, each below its parent', () => {
    const n = 100_000;
    const parent = Float64Array.from({ length: n }, (_, node) => (node === 0 ? -1 : (node - 1) >> 3));
    const bytes = new Float64Array(n).fill(1);
    for (let node = n - 1; node > 0; node -= 1) bytes[parent[node]!] = bytes[parent[node]!]! + bytes[node]!;
    const names = Array.from({ length: n }, (_, node) => `f${node % 97}`);
    const layout = layFlame({ parent, bytes, function: names, file: names, line: new Float64Array(n) });
    expect(new Set(layout.order).size).toBe(n);
    const isInside = (node: number): boolean => {
      const above = parent[node]!;
      const end = layout.left[above]! + layout.width[above]! + 1e-9;
      return layout.left[node]! >= layout.left[above]! - 1e-9 && layout.left[node]! + layout.width[node]! <= end;
    };
    expect(Array.from({ length: n - 1 }, (_, node) => node + 1).every(isInside)).toBe(true);
  });
});

describe('a place in it', () => {
  test('is found again in the next answer, where nodes have other numbers', () => {
    const before = layFlame(program);
    const after = flameOf([-1, '', 9], [0, 'main', 9], [1, 'added', 1], [1, 'parse', 6], [1, 'load', 2]);
    const lined = { ...after, line: Float64Array.from([0, 1, 9, 2, 3]) };
    const path = pathOf(program, 2);
    expect(findPath(program, before, path)).toEqual({ node: 2, whole: true });
    expect(findPath(lined, layFlame(lined), path)).toEqual({ node: 3, whole: true });
  });

  test('that is gone leads to what is left of its path', () => {
    const after = flameOf([-1, '', 2], [0, 'main', 2]);
    expect(findPath(after, layFlame(after), pathOf(program, 2))).toEqual({ node: 1, whole: false });
    expect(findPath(program, layFlame(program), [])).toEqual({ node: 0, whole: true });
  });

  test('is left by the arrows, within what is shown', () => {
    const layout = layFlame(program);
    const from = (node: number, move: 'up' | 'down' | 'left' | 'right', view = whole): number =>
      moveFrom(layout, program.parent, node, move, view);
    expect([from(1, 'up'), from(0, 'up'), from(1, 'down'), from(2, 'down')]).toEqual([0, 0, 2, 2]);
    expect([from(3, 'right'), from(2, 'right'), from(2, 'left'), from(3, 'left')]).toEqual([2, 2, 3, 3]);
    expect(from(2, 'left', viewOf(layout, 2))).toBe(2);
  });
});

describe('on a canvas', () => {
  /** Six pixels a letter. */
  function pen() {
    const fills: { style: FlamePen['fillStyle']; x: number; y: number; width: number }[] = [];
    const texts: { text: string; x: number; style: FlamePen['fillStyle'] }[] = [];
    const strokes: number[] = [];
    const fake: FlamePen = {
      fillStyle: '',
      strokeStyle: '',
      lineWidth: 1,
      font: '',
      textBaseline: 'middle',
      fillRect: (x: number, y: number, width: number) => void fills.push({ style: fake.fillStyle, x, y, width }),
      strokeRect: (x: number) => void strokes.push(x),
      fillText: (text: string, x: number) => void texts.push({ text, x, style: fake.fillStyle }),
      measureText: (text: string) => ({ width: text.length * 6 }),
    };
    return { fake, fills, texts, strokes };
  }

  const theme = Object.assign(Object.create(null) as FlamePicture['theme'], {
    ...{ background: 'ground', text: 'text', textDim: 'dim', accent: 'accent', axis: 'axis', font: 'sans', match: 'match' },
    ...{ selected: 'selected', flame: ['one', 'two', 'neutral'], areas: ['area', 'area', 'area'] as const },
  });

  const picture = (nodes: FlameNodes, change: Partial<FlamePicture> = {}): FlamePicture => ({
    layout: layFlame(nodes),
    view: whole,
    width: 400,
    height: 100,
    top: 0,
    theme,
    marks: new Uint8Array(nodes.parent.length),
    tone: (node) => node % 2,
    nameOf: (node) => nodes.function[node] || 'all',
    isOwn: () => true,
    hovered: -1,
    focused: -1,
    ...change,
  });

  test('names are cut at their box’s end, and left out where nothing of them fits', () => {
    const { fake, texts } = pen();
    const nodes = flameOf([-1, '', 100], [0, 'a_rather_long_name_of_a_function', 20], [0, 'b', 78], [0, 'c', 2]);
    paintFlame(fake, picture(nodes));
    expect(texts.map(({ text }) => text)).toEqual(['all', 'a_rather_l…', 'b']);
    expect(texts[1]!.text.length * 6).toBeLessThanOrEqual(80 - 8);
  });

  test('what nobody can see in a name is drawn as its code', () => {
    const { fake, texts } = pen();
    paintFlame(fake, picture(flameOf([-1, '', 1], [0, 'e\u202evil', 1])));
    expect(texts.at(-1)!.text).toBe('e⟨U+202E⟩vil');
  });

  test('what is found, what is chosen and the rest have their own grounds; the chosen an outline', () => {
    const { fake, fills, strokes } = pen();
    paintFlame(fake, picture(program, { marks: Uint8Array.from([PLAIN, PLAIN, MATCH, CHOSEN]) }));
    expect(fills.map(({ style }) => style)).toEqual(['ground', 'one', 'two', 'selected', 'match']);
    expect(strokes).toHaveLength(1);
  });

  test('a library’s name is dim', () => {
    const { fake, texts } = pen();
    paintFlame(fake, picture(program, { isOwn: (node) => node !== 2 }));
    expect(texts.map(({ style }) => style)).toEqual(['text', 'text', 'text', 'dim']);
  });

  test('rows that are scrolled away are not painted', () => {
    const { fake, fills } = pen();
    paintFlame(fake, picture(program, { top: 19, height: 19 }));
    expect(fills).toHaveLength(2);
    expect(fills[1]!.y).toBe(0);
  });

  test('of many boxes within a pixel one is painted, and those that are found', () => {
    const { fake, fills } = pen();
    const many = flameOf([-1, '', 100_000], ...Array.from({ length: 100_000 }, (_, n): [number, string, number] => [0, `f${n}`, 1]));
    const marks = new Uint8Array(100_001);
    paintFlame(fake, picture(many, { marks }));
    expect(fills.length).toBeLessThanOrEqual(403);
    marks[5] = MATCH;
    paintFlame(fake, picture(many, { marks }));
    expect(fills.some(({ style }) => style === 'match')).toBe(true);
  });

  test('a picture to save is of all rows, at twice the size, below what it says of itself', async () => {
    const { fake, fills } = pen();
    const said: string[] = [];
    const kept = { width: 0, height: 0 };
    const canvas = {
      set width(value: number) {
        kept.width = value;
      },
      set height(value: number) {
        kept.height = value;
      },
      getContext: () =>
        Object.assign(fake, { scale: () => undefined, translate: () => undefined, fillText: (text: string) => said.push(text) }),
      toBlob: (done: (blob: Blob) => void) => done(new Blob(['png'])),
    };
    vi.spyOn(document, 'createElement').mockReturnValue(canvas as never);
    await flamePng(picture(program, { top: 30, height: 20 }), { title: 'Flames', subtitle: 'of app.py', theme });
    expect(kept).toEqual({ width: (400 + 16) * 2, height: (3 * 19 + 54) * 2 });
    expect(said.slice(0, 2)).toEqual(['Flames', 'of app.py']);
    expect(fills.length).toBeGreaterThan(3);
  });

  test('one file has one colour, what is in no file a neutral one', () => {
    expect(toneOf('/a/app.py')).toBe(toneOf('/a/app.py'));
    const { fake, fills } = pen();
    paintFlame(fake, picture(flameOf([-1, '', 1]), { tone: () => toneOf('') }));
    expect(fills.at(-1)!.style).toBe('neutral');
    expect(new Set(['/a/app.py', '/a/b.py', '/c/d.py', '/e.py'].map((file) => toneOf(file) % 8)).size).toBeGreaterThan(1);
  });
});
