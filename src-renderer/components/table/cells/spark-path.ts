export interface SparkPath {
  line: string;
  /** The last value, as a line without length: a round cap draws the point, however the picture is stretched. */
  end: string;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Values from left to right within a box, upwards from zero (or from the lowest, if it is negative); null is a gap. */
export function sparkPath(values: readonly (number | null)[], width: number, height: number): SparkPath {
  const there = values.filter((value) => value !== null);
  const low = Math.min(0, ...there);
  const high = Math.max(low + Number.MIN_VALUE, ...there);
  const pad = 2;
  const x = (at: number): number => (values.length < 2 ? width / 2 : pad + (at / (values.length - 1)) * (width - 2 * pad));
  const y = (value: number): number => height - pad - ((value - low) / (high - low)) * (height - 2 * pad);
  let line = '';
  let end = '';
  let open = false;
  for (const [at, value] of values.entries()) {
    if (value !== null) {
      const point = `${round(x(at))} ${round(y(value))}`;
      line += `${open ? 'L' : 'M'}${point}`;
      end = `M${point}h0`;
    }
    open = value !== null;
  }
  return { line, end };
}
