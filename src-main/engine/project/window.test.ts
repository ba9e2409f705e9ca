import { describe, expect, it } from 'vitest';
import { SeriesReader } from './series-reader.ts';
import { packColumns } from './chunk-codec.ts';
import { statsOf } from './stats.ts';
import { samplesBetween, windowOf } from './window.ts';
import type { Samples } from './sample-tables.ts';

type Sample = [t: number, value: number];

/** A series of these samples: all but the last of them sealed in chunks, like after a long recording. */
function seriesOf(samples: readonly Sample[], sealed = 0): SeriesReader {
  const stored = new Map<number, Samples>();
  const reader = new SeriesReader(1, (entry) => stored.get(entry.id) ?? null);
  for (const [t, value] of samples) reader.append(t, value);
  for (let i = 0; i < sealed; i++) {
    const first = reader.sealed;
    const { t, values } = reader.tail(first, first + 4096);
    stored.set(i, { t: t.slice(), values: values.slice() });
    reader.seal({ id: i, first, n: 4096, dataCrc: 0 });
  }
  return reader;
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Uneven intervals, equal times, pauses with and without a gap. */
function randomSamples(seed: number, n: number): Sample[] {
  const random = randomNumbers(seed);
  const samples: Sample[] = [];
  let t = Math.floor(random() * 1000);
  for (let i = 0; i < n; i++) {
    const kind = random();
    if (kind < 0.002) t += 60_000;
    else if (kind < 0.9) t += Math.floor(random() * 200);
    samples.push([t, kind < 0.004 ? NaN : Math.round(random() * 1000)]);
  }
  return samples;
}

const inRange = (samples: readonly Sample[], from: number, to: number): Sample[] => samples.filter(([t]) => t >= from && t <= to);

describe('a window with few samples', () => {
  it('is empty where there is nothing', () => {
    expect(windowOf(seriesOf([]), 0, 100, 10)).toMatchObject({ raw: true, t: new Float64Array(), lo: new Float64Array() });
    expect(windowOf(seriesOf([[5, 1]]), 100, 0, 10).t).toHaveLength(0);
  });

  it('holds the neighbours of a range without samples', () => {
    const series = seriesOf([
      [0, 1],
      [100, 2],
      [900, 3],
      [1000, 4],
    ]);
    expect([...windowOf(series, 200, 300, 10).t]).toEqual([100, 900]);
    expect([...windowOf(series, 2000, 3000, 10).t]).toEqual([1000]);
    expect([...windowOf(series, -50, -10, 10).t]).toEqual([0]);
  });

  it('gives every sample, the gaps too, and one on either side', () => {
    const samples: Sample[] = [
      [0, 1],
      [10, 2],
      [10, 3],
      [20, NaN],
      [30, 5],
      [40, 6],
    ];
    const { raw, t, lo, hi } = windowOf(seriesOf(samples), 10, 30, 10);
    expect(raw).toBe(true);
    expect(hi).toHaveLength(0);
    expect([...t].map((time, i) => [time, lo[i]])).toEqual(samples);
  });

  it('agrees with a plain filter over chunks and tail', () => {
    const samples = randomSamples(3, 10_000);
    const series = seriesOf(samples, 2);
    const random = randomNumbers(4);
    for (let round = 0; round < 200; round++) {
      const from = random() * samples.at(-1)![0];
      const to = from + random() * 50_000;
      const { raw, t, lo } = windowOf(series, from, to, 8192);
      const before = samples.filter(([time]) => time < from).slice(-1);
      const after = samples.filter(([time]) => time > to).slice(0, 1);
      expect(raw).toBe(true);
      expect([...t].map((time, i) => [time, lo[i]])).toEqual([...before, ...inRange(samples, from, to), ...after]);
    }
  });
});

describe('a window with many samples', () => {
  const samples = randomSamples(5, 40_000);
  const series = seriesOf(samples, 9);
  const end = samples.at(-1)![0];

  it.each([50, 500, 5000])('with %d buckets is the lowest and highest of each bucket of a fixed grid', (buckets) => {
    const random = randomNumbers(buckets);
    for (let round = 0; round < 30; round++) {
      const from = random() * end * 0.3;
      const to = end * (0.7 + random() * 0.3);
      const points = windowOf(series, from, to, buckets);
      if (points.raw) continue;
      expect(points.t.length).toBeLessThanOrEqual(3 * buckets + 10);
      expectExact(points, samples, from, to);
    }
  });

  it('does not shimmer: panning changes no point that stays in view', () => {
    for (const width of [end / 3, end / 40]) {
      const seen = new Map<string, [number, number]>();
      for (let from = end * 0.2; from < end * 0.5; from += width / 37) {
        const { raw, t, lo, hi } = windowOf(series, from, from + width, 300);
        if (raw) continue;
        for (let i = 2; i < t.length - 2; i++) {
          const key = `${t[i]} ${Number.isNaN(lo[i])}`;
          const known = seen.get(key);
          if (known !== undefined) expect([lo[i], hi[i]]).toEqual(known);
          seen.set(key, [lo[i]!, hi[i]!]);
        }
      }
    }
  });

  it('loses no spike at any zoom', () => {
    const flat: Sample[] = Array.from({ length: 30_000 }, (_, i) => [i * 100, i === 12_345 ? 1e9 : 5]);
    for (const sealed of [0, 7])
      for (const buckets of [10, 400, 3000]) expect(Math.max(...windowOf(seriesOf(flat, sealed), 0, 3e6, buckets).hi)).toBe(1e9);
  });

  it('keeps a pause as a gap', () => {
    const pause: Sample[] = Array.from({ length: 20_000 }, (_, i) => [i * 100 + (i >= 10_000 ? 500_000 : 0), i === 9_999 ? NaN : i]);
    for (const buckets of [50, 1000]) {
      const { raw, t, lo } = windowOf(seriesOf(pause, 4), 0, 2.5e6, buckets);
      const gap = lo.findIndex(Number.isNaN);
      expect(raw).toBe(false);
      expect(t[gap]).toBe(999_900);
      expect(t[gap + 1]).toBe(1_500_000);
      expect(lo.filter(Number.isNaN)).toHaveLength(1);
    }
  });

  it('stays bounded when all samples have one time, and when every other is a gap', () => {
    const same: Sample[] = Array.from({ length: 5000 }, (_, i) => [77, i]);
    const { t, lo, hi } = windowOf(seriesOf(same), 77, 77, 100);
    expect([t.length, Math.min(...lo), Math.max(...hi)]).toEqual([1, 0, 4999]);
    const holes: Sample[] = Array.from({ length: 20_000 }, (_, i) => [i * 10, i % 2 ? NaN : i]);
    expect(windowOf(seriesOf(holes, 3), 0, 200_000, 100).t.length).toBeLessThanOrEqual(310);
  });
});

/** Each point's low and high are those of the samples from its time up to the next point's: nothing lost, nothing invented. */
function expectExact({ t, lo, hi }: ReturnType<typeof windowOf>, samples: readonly Sample[], from: number, to: number): void {
  let [lowest, highest, inside] = [Infinity, -Infinity, 0];
  for (const [, value] of inRange(samples, t[0]!, t.at(-1)!)) if (!Number.isNaN(value)) inside++;
  for (const [, value] of inRange(samples, from, to)) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  expect(inside).toBeGreaterThan(0);
  expect(Math.min(...lo.filter((v) => !Number.isNaN(v)))).toBeLessThanOrEqual(lowest);
  expect(Math.max(...hi.filter((v) => !Number.isNaN(v)))).toBeGreaterThanOrEqual(highest);
  let at = samples.findIndex(([time]) => time >= t[1]!);
  for (let i = 1; i < t.length - 2; i++) {
    if (Number.isNaN(lo[i])) continue;
    let [low, high] = [Infinity, -Infinity];
    const next = nextValue(t, lo, i);
    for (; at < samples.length && samples[at]![0] < next; at++) {
      const value = samples[at]![1];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    // Samples of the same time may be on both sides of a border between two blocks: then a point may share them with its neighbour.
    if (low !== lo[i] || high !== hi[i]) expect(sharesTimes(samples, t[i]!, next)).toBe(true);
  }
}

function nextValue(t: Float64Array, lo: Float64Array, i: number): number {
  for (let k = i + 1; k < t.length; k++) if (!Number.isNaN(lo[k])) return t[k]!;
  return Infinity;
}

function sharesTimes(samples: readonly Sample[], ...times: number[]): boolean {
  return times.some((time) => samples.filter(([t]) => t === time).length > 1);
}

describe('figures over a range', () => {
  const samples = randomSamples(8, 20_000);
  const series = seriesOf(samples, 4);
  const end = samples.at(-1)![0];

  it('are null where there is no sample', () => {
    const nothing = { samples: 0, start: null, end: null, difference: null, min: null, max: null, mean: null, slope: null };
    for (const exact of [true, false]) {
      expect(statsOf(1, seriesOf([]), 0, 100, exact)).toMatchObject(nothing);
      expect(statsOf(1, seriesOf([[5, NaN]]), 0, 100, exact)).toMatchObject(nothing);
      expect(statsOf(1, series, end + 1, end + 100, exact)).toMatchObject(nothing);
      expect(statsOf(1, series, 500, 100, exact)).toMatchObject(nothing);
    }
  });

  it('of one sample have no slope', () => {
    expect(statsOf(1, seriesOf([[5, 3]]), 0, 100, true)).toMatchObject({
      samples: 1,
      start: 3,
      end: 3,
      difference: 0,
      mean: 3,
      slope: null,
    });
  });

  it('agree with plain arithmetic', () => {
    const random = randomNumbers(9);
    for (let round = 0; round < 40; round++) {
      const from = random() * end;
      const to = from + random() * (end - from);
      const known = inRange(samples, from, to).filter(([, value]) => !Number.isNaN(value));
      if (known.length === 0) continue;
      const plain = plainFigures(known);
      const exact = statsOf(1, series, from, to, true);
      expect(exact).toMatchObject({
        samples: known.length,
        min: plain.min,
        max: plain.max,
        start: plain.start,
        end: plain.end,
        approximate: false,
      });
      if (known.length > 2) {
        expect(exact.mean).toBeCloseTo(plain.mean, 6);
        expect(exact.slope).toBeCloseTo(plain.slope, 6);
      }
      const rough = statsOf(1, series, from, to, false);
      expect(rough).toMatchObject({ samples: known.length, min: plain.min, max: plain.max });
      if (known.length > 2) expect(rough.mean).toBeCloseTo(plain.mean, 6);
    }
  });

  it('from blocks have nearly the slope of a long climb', () => {
    const climb: Sample[] = Array.from({ length: 20_000 }, (_, i) => [i * 100, i * 4096 + ((i * 37) % 1000)]);
    const rough = statsOf(1, seriesOf(climb, 4), 0, 2e6, false);
    expect(rough.approximate).toBe(true);
    expect(rough.slope).toBeCloseTo(40_960, -1);
  });
});

function plainFigures(known: readonly Sample[]): Record<'min' | 'max' | 'start' | 'end' | 'mean' | 'slope', number> {
  const values = known.map(([, value]) => value);
  const [meanT, mean] = [known.reduce((sum, [t]) => sum + t, 0) / known.length, values.reduce((a, b) => a + b, 0) / known.length];
  const above = known.reduce((sum, [t, value]) => sum + (t - meanT) * (value - mean), 0);
  const below = known.reduce((sum, [t]) => sum + (t - meanT) ** 2, 0);
  const [start, end] = [values[0]!, values.at(-1)!];
  return { min: Math.min(...values), max: Math.max(...values), start, end, mean, slope: (above / below) * 1000 };
}

describe('a series in memory', () => {
  it('counts what lies between two blocks', () => {
    const series = seriesOf(randomSamples(2, 9000), 2);
    expect(samplesBetween(series, 0, series.blocks.length)).toBe(9000);
    expect(samplesBetween(series, 5, 5)).toBe(0);
  });

  it('takes times that go back, and values that are not finite, as recorders give them', () => {
    const series = seriesOf([
      [100.4, 1],
      [50, 2],
      [NaN, 3],
      [200, Infinity],
      [300, -Infinity],
    ]);
    const { t, lo } = windowOf(series, 0, 1000, 100);
    expect([[...t], [...lo]]).toEqual([
      [100, 100, 100, 200, 300],
      [1, 2, 3, NaN, NaN],
    ]);
  });

  it('shows a chunk that cannot be read as a gap where it was', () => {
    const samples: Sample[] = Array.from({ length: 3 * 4096 }, (_, i) => [i * 100, i]);
    const series = seriesOf(samples, 0);
    const first = { t: series.tail(0, 4096).t.slice(), values: series.tail(0, 4096).values.slice() };
    const broken = new SeriesReader(1, (entry) => (entry.id === 0 ? first : null));
    for (const [t, value] of samples) broken.append(t, value);
    broken.seal({ id: 0, first: 0, n: 4096, dataCrc: 0 });
    broken.seal({ id: 1, first: 4096, n: 4096, dataCrc: 0 });
    const { t, lo } = windowOf(broken, 0, 3e6, 8192);
    expect([...t.subarray(4094, 4099)]).toEqual([409_400, 409_500, 409_600, 819_200, 819_300]);
    expect([...lo.subarray(4094, 4099)]).toEqual([4094, 4095, NaN, 8192, 8193]);
  });

  it('is packed to about a byte a sample', () => {
    const { t, values } = seriesOf(Array.from({ length: 4096 }, (_, i): Sample => [i * 100 + (i % 3), 4096 * (1000 + (i % 50))])).tail(
      0,
      4096,
    );
    expect(packColumns([t, values]).length / 4096).toBeLessThan(1.5);
  });
});
