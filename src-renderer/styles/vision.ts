/**
 * How colours are seen, for the measurements in `tokens.test.ts`: contrast as defined by WCAG 2, colour vision with one kind of cone
 * missing (Viénot and others 1999 for red and green, Brettel and others 1997 simplified to one plane for blue, as matrices on linear RGB),
 * and the distance of two colours in CIE Lab.
 */
export type Vision = 'full' | 'protan' | 'deutan' | 'tritan';
export type Linear = readonly [number, number, number];

const MATRICES: Record<Exclude<Vision, 'full'>, readonly [Linear, Linear, Linear]> = {
  protan: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deutan: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
  tritan: [
    [1.01277, 0.13548, -0.14826],
    [-0.01243, 0.86812, 0.14431],
    [0.07589, 0.805, 0.11911],
  ],
};

function linear(hex: string): Linear {
  const at = (from: number): number => {
    const c = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [at(1), at(3), at(5)];
}

const luminance = ([r, g, b]: Linear): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** Of two colours `#rrggbb`: 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(linear(a)), luminance(linear(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

export function seenBy(hex: string, vision: Vision): Linear {
  const [r, g, b] = linear(hex);
  if (vision === 'full') return [r, g, b];
  const row = ([x, y, z]: Linear): number => Math.min(1, Math.max(0, x * r + y * g + z * b));
  const [first, second, third] = MATRICES[vision];
  return [row(first), row(second), row(third)];
}

function lab([r, g, b]: Linear): Linear {
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(luminance([r, g, b]));
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** CIE76: 2.3 is just noticeable side by side; lines on a chart need several times that. */
export function difference(a: Linear, b: Linear): number {
  const [p, q] = [lab(a), lab(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}
