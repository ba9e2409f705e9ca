import type { Milliseconds } from '../../../src-preload/contract/index.ts';

const WINDOW: Milliseconds = 60_000;
const ENOUGH: Milliseconds = 5_000;

/** Least-squares slope over the last minute, for the figure beside the record button. */
export class RecentSlope {
  #points: { t: Milliseconds; value: number }[] = [];

  /** One point per second is enough; more are left out. */
  add(t: Milliseconds, value: number): void {
    const last = this.#points.at(-1);
    if (last && t - last.t < 1000) return;
    this.#points.push({ t, value });
    while (this.#points[0] && t - this.#points[0].t > WINDOW) this.#points.shift();
  }

  /** Units per minute; null until there are five seconds of data. */
  perMinute(): number | null {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (!first || !last || last.t - first.t < ENOUGH) return null;
    const n = this.#points.length;
    const meanT = this.#points.reduce((sum, point) => sum + point.t, 0) / n;
    const meanV = this.#points.reduce((sum, point) => sum + point.value, 0) / n;
    let covariance = 0;
    let variance = 0;
    for (const { t, value } of this.#points) {
      covariance += (t - meanT) * (value - meanV);
      variance += (t - meanT) ** 2;
    }
    return (covariance / variance) * WINDOW;
  }
}
