import type { SessionTime } from '../../src-preload/contract/index.ts';
import { highAt, isFar, lastAtOrBefore } from './samples.ts';
import type { LinePart } from './samples.ts';

/** The part of a canvas context that a path needs; the SVG renderer offers the same. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** From time and value to pixels. */
export interface Scale {
  x: (t: SessionTime) => number;
  y: (value: number) => number;
}

/** Half the length of the dash for a lone sample: a single point would not be visible. */
const LONE = 2;

/**
 * The line through all parts. A bucket is drawn from its nearer extreme to its farther one, so that no spike is lost; NaN interrupts the
 * line, and so does a time in which unusually nothing was read.
 */
export function strokeLine(pen: Pen, parts: readonly LinePart[], { x, y }: Scale): void {
  let run = 0;
  let lastX = 0;
  let lastY = 0;
  const to = (px: number, py: number): void => {
    if (run > 0) pen.lineTo(px, py);
    else pen.moveTo(px, py);
    run += 1;
    lastX = px;
    lastY = py;
  };
  const lift = (): void => {
    if (run === 1) {
      pen.moveTo(lastX - LONE, lastY);
      pen.lineTo(lastX + LONE, lastY);
    }
    run = 0;
  };
  for (const [part, { window, from, to: until }] of parts.entries()) {
    const { t, lo, raw } = window;
    // A point beyond the outer edges, so that the line reaches them; none where two parts meet.
    const first = Math.max(0, lastAtOrBefore(t, from) + (part === 0 ? 0 : 1));
    const last = Math.min(t.length - 1, lastAtOrBefore(t, until) + (part === parts.length - 1 ? 1 : 0));
    for (let i = first; i <= last; i++) {
      const low = lo[i]!;
      if (Number.isNaN(low)) {
        lift();
        continue;
      }
      if (isFar(t, i)) lift();
      const px = x(t[i]!);
      const a = y(low);
      if (raw) {
        to(px, a);
        continue;
      }
      const b = y(window.hi[i]!);
      const nearer = Math.abs(a - lastY) <= Math.abs(b - lastY) ? a : b;
      to(px, nearer);
      if (a !== b) to(px, nearer === a ? b : a);
    }
  }
  lift();
}

/** Pixels from the top of a broken bar: its last piece, and the gap below it. */
const BREAK = { piece: 3, gap: 3 };

/**
 * One vertical line for each sample, from the base line; a bucket shows its highest. At least a pixel, so that none is invisible; broken
 * near the top if it is higher than the lane.
 */
export function strokeBars(pen: Pen, parts: readonly LinePart[], { x, y }: Scale, base: number, top: number): void {
  for (const { window, from, to } of parts) {
    const last = lastAtOrBefore(window.t, to);
    for (let i = Math.max(0, lastAtOrBefore(window.t, from)); i <= last; i++) {
      const high = highAt(window, i);
      if (Number.isNaN(high)) continue;
      const px = Math.round(x(window.t[i]!));
      const py = Math.min(base - 1, y(high));
      const isBroken = py < top - 1;
      pen.moveTo(px, base);
      pen.lineTo(px, isBroken ? top + BREAK.piece + BREAK.gap : py);
      if (!isBroken) continue;
      pen.moveTo(px, top + BREAK.piece);
      pen.lineTo(px, top);
    }
  }
}
