import type { Milliseconds } from '../../../src-preload/contract/index.ts';

const WINDOW: Milliseconds = 60_000;
/** A shorter stretch says nothing: each half of it is judged by itself. */
const ENOUGH: Milliseconds = 15_000;
/** A change below this share of a half's change is none: a program's start, then rest. */
const LEAST_SHARE = 0.25;

interface Point {
  t: Milliseconds;
  value: number;
}

/** How fast a figure has been changing over the last minute, for the place beside the record button: an alarm, so it needs a reason. */
export class RecentSlope {
  #points: Point[] = [];

  /** One point per second is enough; more are left out. */
  add(t: Milliseconds, value: number): void {
    const last = this.#points.at(-1);
    if (last && t - last.t < 1000) return;
    this.#points.push({ t, value });
    while (this.#points[0] && t - this.#points[0].t > WINDOW) this.#points.shift();
  }

  /**
   * Units per minute; null until there are fifteen seconds of data. 0 if nothing speaks for a lasting change: the two halves do not agree, or
   * the change is lost in the figure's own unrest.
   */
  perMinute(): number | null {
    const [first, last] = [this.#points[0], this.#points.at(-1)];
    if (!first || !last || last.t - first.t < ENOUGH) return null;
    const middle = (first.t + last.t) / 2;
    const halves = [this.#points.filter(({ t }) => t <= middle), this.#points.filter(({ t }) => t >= middle)].map(medianSlope);
    const slope = medianSlope(this.#points);
    const agrees = halves.every((half) => half * slope > 0 && Math.abs(half) >= LEAST_SHARE * Math.abs(slope));
    const isSeen = Math.abs(slope) * (last.t - first.t) > 2 * unrest(this.#points, slope);
    return agrees && isSeen ? slope * WINDOW : 0;
  }
}

/** The median of the slopes between all pairs of points (Theil and Sen): a single jump does not tilt it. */
function medianSlope(points: readonly Point[]): number {
  const slopes = points.flatMap((a, i) => points.slice(i + 1).map((b) => (b.value - a.value) / (b.t - a.t)));
  return median(slopes);
}

/** The median distance of the points from the line through them. */
function unrest(points: readonly Point[], slope: number): number {
  const rests = points.map(({ t, value }) => value - slope * t);
  const centre = median(rests);
  return median(rests.map((rest) => Math.abs(rest - centre)));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
