import { visible } from '../../src-preload/contract/index.ts';
import { NODE } from './graph-layout.ts';
import type { Graph, GraphLayout, PlacedNode } from './graph-layout.ts';
import { escapeXml, framePng, frameSvg } from './picture-frame.ts';
import type { PictureFrame } from './picture-frame.ts';
import type { ChartTheme } from './theme.ts';

const FONT_SIZE = 11;
const PADDING = 8;
/** Approximate width of a letter of this size; used to truncate text where nothing can be measured. */
const LETTER = 6.1;
const EDGE_LETTERS = 15;

/** Truncated to fit into a box. */
export function fit(text: string, letters = Math.floor((NODE.width - 2 * PADDING) / LETTER)): string {
  const shown = visible(text);
  return shown.length > letters ? `${shown.slice(0, letters - 1)}…` : shown;
}
export const fitEdge = (text: string): string => fit(text, EDGE_LETTERS);

export const arrow = ({ x, y }: { x: number; y: number }): string => `M${x - 6} ${y - 3}L${x} ${y}L${x - 6} ${y + 3}Z`;

const fillOf = (theme: ChartTheme, { tone }: PlacedNode): string =>
  tone === 'target' ? theme.selected : tone === 'root' ? theme.areas[0] : theme.areas[1];
const strokeOf = (theme: ChartTheme, { tone }: PlacedNode): string => (tone === 'target' ? theme.accent : theme.rule);

/** The graph as a document of its own, with its title. */
export function graphSvg({ width, height, nodes, edges }: GraphLayout, frame: PictureFrame): string {
  const { theme } = frame;
  const text = (content: string, x: number, y: number, fill: string, anchor = 'start'): string =>
    `<text x="${x}" y="${y}" fill="${fill}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
  const lines = edges.map(
    (edge) =>
      `<path d="${edge.path}" fill="none" stroke="${theme.axis}"/><path d="${arrow(edge.end)}" fill="${theme.axis}"/>${text(fitEdge(edge.label), edge.x, edge.y, theme.textDim, 'middle')}`,
  );
  const boxes = nodes.map(
    (node) =>
      `<g><title>${escapeXml(`${node.title}\n${node.detail}`)}</title><rect x="${node.x}" y="${node.y}" width="${NODE.width}" height="${NODE.height}" rx="3" fill="${fillOf(theme, node)}" stroke="${strokeOf(theme, node)}"/>` +
      `${text(fit(node.title), node.x + PADDING, node.y + 15, theme.text)}${text(fit(node.detail), node.x + PADDING, node.y + 29, theme.textDim)}</g>`,
  );
  return frameSvg(`<g font-size="${FONT_SIZE}">${[...lines, ...boxes].join('\n')}</g>`, { width, height }, frame);
}

/** The same as a PNG of twice the size. */
export async function graphPng(layout: GraphLayout, frame: PictureFrame): Promise<Blob> {
  return framePng(layout, frame, (pen) => drawGraph(pen, layout, frame.theme));
}

function drawGraph(pen: CanvasRenderingContext2D, { nodes, edges }: GraphLayout, theme: ChartTheme): void {
  pen.font = `${FONT_SIZE}px ${theme.font}`;
  for (const edge of edges) {
    pen.strokeStyle = pen.fillStyle = theme.axis;
    pen.stroke(new Path2D(edge.path));
    pen.fill(new Path2D(arrow(edge.end)));
    pen.fillStyle = theme.textDim;
    pen.textAlign = 'center';
    pen.fillText(fitEdge(edge.label), edge.x, edge.y);
  }
  pen.textAlign = 'start';
  for (const node of nodes) {
    pen.fillStyle = fillOf(theme, node);
    pen.strokeStyle = strokeOf(theme, node);
    pen.fillRect(node.x, node.y, NODE.width, NODE.height);
    pen.strokeRect(node.x, node.y, NODE.width, NODE.height);
    pen.fillStyle = theme.text;
    pen.fillText(fit(node.title), node.x + PADDING, node.y + 15);
    pen.fillStyle = theme.textDim;
    pen.fillText(fit(node.detail), node.x + PADDING, node.y + 29);
  }
}

const dotText = (text: string): string => `"${visible(text).replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
const SHAPES = { root: 'shape=box, style=dashed', object: 'shape=box', target: 'shape=box, style=bold' } as const;

/** For Graphviz: `dot -Tsvg graph.dot`. */
export function graphDot({ nodes, edges }: Graph): string {
  return [
    'digraph holders {',
    '  rankdir=LR;',
    '  node [fontname="sans-serif", fontsize=10];',
    '  edge [fontname="sans-serif", fontsize=9];',
    ...nodes.map(
      ({ id, title, detail, tone }) => `  n${id} [label=${dotText(detail === '' ? title : `${title}\n${detail}`)}, ${SHAPES[tone]}];`,
    ),
    ...edges.map(({ from, to, label }) => `  n${from} -> n${to} [label=${dotText(label)}];`),
    '}',
    '',
  ].join('\n');
}
