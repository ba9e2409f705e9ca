import { describe, expect, test } from 'vitest';
import { graphDot, graphSvg } from './graph-export.ts';
import { layoutGraph } from './graph-layout.ts';
import type { Graph, GraphNode } from './graph-layout.ts';
import type { ChartTheme } from './theme.ts';

const node = (id: number, tone: GraphNode['tone'] = 'object', title = `n${id}`): GraphNode => ({ id, title, detail: '', tone });
const edge = (from: number, to: number, label = ''): Graph['edges'][number] => ({ from, to, label });
const theme: ChartTheme = {
  background: '#fff',
  text: '#111',
  textDim: '#222',
  axis: '#333',
  grid: '#eee',
  rule: '#ddd',
  mark: '#80f',
  warning: '#850',
  error: '#f00',
  total: '#111',
  generations: ['#1', '#2', '#3'],
  processes: [],
  accent: '#44f',
  selected: '#eef',
  areas: ['#d0d0d0', '#e0e0e0', '#c0c0c0'],
  flame: [],
  match: '#ffffff',
  font: '"A & B"',
};

describe('layout', () => {
  test('nothing has no width but its margins', () => {
    expect(layoutGraph({ nodes: [], edges: [] })).toMatchObject({ nodes: [], edges: [] });
  });

  test('an edge to what is not there is left out', () => {
    expect(layoutGraph({ nodes: [node(1, 'target')], edges: [edge(7, 1)] }).edges).toEqual([]);
  });

  test('holders stand left of what they hold; the targets share the last column', () => {
    const { nodes } = layoutGraph({
      nodes: [node(1, 'root'), node(2), node(3, 'target'), node(4, 'target')],
      edges: [edge(1, 2), edge(2, 3), edge(1, 4)],
    });
    const x = new Map(nodes.map((one) => [one.id, one.x]));
    expect(x.get(3)).toBe(x.get(4));
    expect(x.get(2)).toBeLessThan(x.get(3) ?? 0);
    expect(x.get(1)).toBe(x.get(2));
  });

  test('a ring ends, and goes back around', () => {
    const { nodes, edges } = layoutGraph({ nodes: [node(1), node(2, 'target')], edges: [edge(1, 2), edge(2, 1), edge(2, 2)] });
    expect([nodes.length, edges.length]).toEqual([2, 3]);
  });

  test('no two boxes overlap', () => {
    const nodes = [node(0, 'target'), ...Array.from({ length: 40 }, (_, i) => node(i + 1))];
    const placed = layoutGraph({ nodes, edges: nodes.slice(1).map(({ id }) => edge(id, id > 20 ? id - 20 : 0)) }).nodes;
    expect(new Set(placed.map(({ x, y }) => `${x} ${y}`)).size).toBe(41);
  });
});

describe('export', () => {
  const odd: Graph = { nodes: [node(1, 'root', '<"dict" & \\co>'), node(2, 'target', 'a\u0000b\ud800')], edges: [edge(1, 2, "['<x>']")] };

  test('names from the program cannot break out of the SVG', () => {
    const svg = graphSvg(layoutGraph(odd), { title: 'Who holds <it>?', subtitle: 'a run', theme });
    expect(svg).not.toMatch(/<"dict"|\p{Cc}(?<!\n)|\p{Cs}|<x>/u);
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
    expect([...parsed.querySelectorAll('text')].map(({ textContent }) => textContent)).toContain('<"dict" & \\co>');
  });

  test('a picture says what it is of, and nothing of it is outside', () => {
    const layout = layoutGraph(odd);
    const svg = new DOMParser().parseFromString(graphSvg(layout, { title: 'Who holds <it>?', subtitle: 'a run', theme }), 'image/svg+xml');
    const texts = [...svg.querySelectorAll('text')];
    expect(texts.slice(0, 2).map(({ textContent }) => textContent)).toEqual(['Who holds <it>?', 'a run']);
    const [dx, dy] = /translate\((\d+) (\d+)\)/.exec(svg.querySelector('g')!.getAttribute('transform')!)!.slice(1).map(Number);
    expect(dy).toBeGreaterThan(Number(texts[1]!.getAttribute('y')));
    expect(Number(svg.documentElement.getAttribute('width'))).toBeGreaterThanOrEqual(layout.width + dx!);
    expect(Number(svg.documentElement.getAttribute('height'))).toBeGreaterThanOrEqual(layout.height + dy!);
  });

  test('nor out of DOT', () => {
    expect(graphDot(odd)).toContain('n1 [label="<\\"dict\\" & \\\\co>", shape=box, style=dashed];');
    expect(graphDot(odd)).toContain('n1 -> n2 [label="[\'<x>\']"];');
  });
});
