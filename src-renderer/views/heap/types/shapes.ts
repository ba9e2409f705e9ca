/** How groups are shown. */
export const SHAPES = ['table', 'treemap', 'sunburst'] as const;
export type Shape = (typeof SHAPES)[number];

export const isShape = (value: unknown): value is Shape => SHAPES.some((shape) => shape === value);
