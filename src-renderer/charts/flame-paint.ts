import { visible } from '../../src-preload/contract/index.ts';
import { FLAME_ROW, rowOf } from './flame-layout.ts';
import type { FlameLayout, FlameView } from './flame-layout.ts';
import { framePng } from './picture-frame.ts';
import type { PictureFrame } from './picture-frame.ts';
import type { ChartTheme } from './theme.ts';

export const PLAIN = 0;
/** What was searched for. */
export const MATCH = 1;
/** Frames of the chosen row. */
export const CHOSEN = 2;

export interface FlamePicture {
  layout: FlameLayout;
  view: FlameView;
  /** Of the whole picture, and of the part that is painted. */
  width: number;
  height: number;
  /** Pixels that are scrolled away. */
  top: number;
  theme: ChartTheme;
  /** `PLAIN`, `MATCH` or `CHOSEN`, by node. */
  marks: Uint8Array;
  /** Which of the theme's colours; see `toneOf`. */
  tone: (node: number) => number;
  nameOf: (node: number) => string;
  /** No library's. */
  isOwn: (node: number) => boolean;
  /** Under the pointer, and chosen by the keys; -1: none. */
  hovered: number;
  focused: number;
}

type Drawing = 'fillStyle' | 'strokeStyle' | 'lineWidth' | 'font' | 'textBaseline' | 'fillRect' | 'strokeRect' | 'fillText';
/** What is needed of a canvas. */
export interface FlamePen extends Pick<CanvasRenderingContext2D, Drawing> {
  measureText: (text: string) => { width: number };
}

/** The last of the theme's colours. */
const NEUTRAL = -1;
/** Narrower boxes have no text. */
const LEAST_TEXT = 22;
const PADDING = 4;
const FONT_SIZE = 11;

/** Paints the rows that are in the room. */
export function paintFlame(pen: FlamePen, picture: FlamePicture): void {
  const { layout, theme, width, height, top, view } = picture;
  pen.fillStyle = theme.background;
  pen.fillRect(0, 0, width, height);
  pen.font = `${FONT_SIZE}px ${theme.font}`;
  pen.textBaseline = 'middle';
  const rows = layout.rows.length - 1;
  const first = Math.max(0, Math.floor(top / FLAME_ROW));
  const last = Math.min(rows, Math.ceil((top + height) / FLAME_ROW));
  for (let depth = first; depth < last; depth += 1) paintRow(pen, picture, depth, view);
}

function paintRow(pen: FlamePen, picture: FlamePicture, depth: number, view: FlameView): void {
  const { layout, width, top } = picture;
  const scale = width / (view.to - view.from);
  const y = depth * FLAME_ROW - top;
  let painted = -1;
  for (const node of rowOf(layout, depth, view)) {
    const from = Math.max(0, ((layout.left[node] ?? 0) - view.from) * scale);
    const to = Math.min(width, ((layout.left[node] ?? 0) + (layout.width[node] ?? 0) - view.from) * scale);
    // Boxes within one pixel are one: more could not be told apart.
    if (to <= painted + 1 && to - from < 1 && picture.marks[node] === PLAIN) continue;
    painted = Math.max(to, from + 1);
    paintBox(pen, picture, { node, x: from, y, width: Math.max(1, to - from - 1) });
  }
}

interface Box {
  node: number;
  x: number;
  y: number;
  width: number;
}

function paintBox(pen: FlamePen, picture: FlamePicture, { node, x, y, width }: Box): void {
  const { theme, marks, hovered, focused } = picture;
  const mark = marks[node];
  pen.fillStyle = fillOf(picture, node);
  pen.fillRect(x, y, width, FLAME_ROW - 1);
  if (mark === CHOSEN || node === focused || node === hovered) {
    pen.strokeStyle = node === focused || mark === CHOSEN ? theme.accent : theme.axis;
    pen.lineWidth = node === focused ? 2 : 1;
    const inset = pen.lineWidth / 2;
    pen.strokeRect(x + inset, y + inset, Math.max(0, width - pen.lineWidth), FLAME_ROW - 1 - pen.lineWidth);
  }
  if (width < LEAST_TEXT) return;
  pen.fillStyle = picture.isOwn(node) || mark !== PLAIN ? theme.text : theme.textDim;
  pen.fillText(fitting(pen, visible(picture.nameOf(node)), width - 2 * PADDING), x + PADDING, y + FLAME_ROW / 2);
}

function fillOf({ theme, marks, tone }: FlamePicture, node: number): string {
  if (marks[node] === MATCH) return theme.match;
  if (marks[node] === CHOSEN) return theme.selected;
  const which = tone(node);
  return (which === NEUTRAL ? theme.flame.at(NEUTRAL) : theme.flame[which % (theme.flame.length - 1)]) ?? theme.areas[0];
}

/** Cut at its end, so that it never leaves its box. */
function fitting(pen: FlamePen, text: string, room: number): string {
  const whole = pen.measureText(text).width;
  if (whole <= room) return text;
  let kept = Math.floor((text.length * room) / whole);
  while (kept > 0 && pen.measureText(`${text.slice(0, kept)}…`).width > room) kept -= 1;
  return kept > 0 ? `${text.slice(0, kept)}…` : '';
}

/** The same colour for the same module, in every picture; none for what is in no file, such as a thread. */
export function toneOf(file: string): number {
  if (file === '') return NEUTRAL;
  let hash = 0;
  for (let i = 0; i < file.length; i += 1) hash = (Math.imul(hash, 31) + file.charCodeAt(i)) >>> 0;
  return hash;
}

/** The whole picture, as it is zoomed and however much of it is seen, as a PNG of twice the size. */
export function flamePng(picture: FlamePicture, frame: PictureFrame): Promise<Blob> {
  const height = Math.max(1, (picture.layout.rows.length - 1) * FLAME_ROW);
  return framePng({ width: picture.width, height }, frame, (pen) => {
    paintFlame(pen, { ...picture, height, top: 0, hovered: -1, focused: -1 });
  });
}
