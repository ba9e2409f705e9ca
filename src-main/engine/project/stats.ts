import type { RangeStats, SeriesId } from '../../../src-preload/contract/index.ts';
import { lowerBound, upperBound, type SampleSource } from './pyramid.ts';

/** Statistics of one series between two times, both included. `exact` reads every sample; otherwise whole blocks represent theirs. */
export function statsOf(series: SeriesId, source: SampleSource, from: number, to: number, exact: boolean): RangeStats {
  const { blocks } = source;
  const begin = lowerBound(blocks.t1.view(), from);
  const end = Math.max(begin, upperBound(blocks.t0.view(), to));
  const figures = new Figures(from);
  const samples = (a: number, b: number): void =>
    source.forEachPiece(a, b, (t, values, first, last) => {
      const stop = first + upperBound(t.subarray(first, last), to);
      for (let i = first + lowerBound(t.subarray(first, last), from); i < stop; i++) figures.add(t[i]!, values[i]!);
    });
  if (exact || end - begin <= 2) {
    samples(begin, end);
  } else {
    // The outermost blocks may be partly inside, and they contain the first and the last sample.
    samples(begin, begin + 1);
    for (let i = begin + 1; i < end - 1; i++) figures.addBlock(source, i);
    samples(end - 1, end);
  }
  return figures.result(series, !exact && end - begin > 2);
}

/** Sums relative to the first sample, so that large values and late times do not cost the slope its precision. */
class Figures {
  readonly #origin: number;
  #base = NaN;
  #n = 0;
  #start: number | null = null;
  #end: number | null = null;
  #min = Infinity;
  #max = -Infinity;
  #sumT = 0;
  #sumV = 0;
  #sumTT = 0;
  #sumTV = 0;

  constructor(origin: number) {
    this.#origin = origin;
  }

  add(t: number, value: number): void {
    if (Number.isNaN(value)) return;
    this.#start ??= value;
    this.#end = value;
    this.#sum(t, value, 1);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  addBlock({ blocks }: SampleSource, index: number): void {
    const count = blocks.count.at(index);
    const mean = blocks.sum.at(index) / count;
    if (Number.isNaN(mean)) return;
    this.#start ??= mean;
    this.#end = mean;
    this.#sum((blocks.t0.at(index) + blocks.t1.at(index)) / 2, mean, count);
    this.#min = Math.min(this.#min, blocks.min.at(index));
    this.#max = Math.max(this.#max, blocks.max.at(index));
  }

  result(series: SeriesId, approximate: boolean): RangeStats {
    const [start, end, n] = [this.#start, this.#end, this.#n];
    if (start === null || end === null) {
      return {
        series,
        samples: 0,
        start: null,
        end: null,
        difference: null,
        min: null,
        max: null,
        mean: null,
        slope: null,
        approximate: false,
      };
    }
    const spread = n * this.#sumTT - this.#sumT * this.#sumT;
    const slope = spread > 0 ? ((n * this.#sumTV - this.#sumT * this.#sumV) / spread) * 1000 : null;
    const mean = this.#base + this.#sumV / n;
    return { series, samples: n, start, end, difference: end - start, min: this.#min, max: this.#max, mean, slope, approximate };
  }

  #sum(t: number, value: number, weight: number): void {
    if (this.#n === 0) this.#base = value;
    const [x, y] = [t - this.#origin, value - this.#base];
    this.#n += weight;
    this.#sumT += weight * x;
    this.#sumV += weight * y;
    this.#sumTT += weight * x * x;
    this.#sumTV += weight * x * y;
  }
}
