/** Colours of a chart, resolved from the window's tokens: a canvas does not support CSS variables. */
export interface ChartTheme {
  background: string;
  text: string;
  textDim: string;
  axis: string;
  grid: string;
  rule: string;
  mark: string;
  warning: string;
  error: string;
  /** Sum over all processes. */
  total: string;
  /** By generation 0, 1, 2. */
  generations: readonly [string, string, string];
  processes: readonly string[];
  accent: string;
  /** Background of the chosen item. */
  selected: string;
  /** Nested surfaces: the outer, the inner, the one under the pointer. */
  areas: readonly [string, string, string];
  /** Boxes of a flame graph, by module; background of what was searched for. */
  flame: readonly string[];
  match: string;
  font: string;
}

const PROCESS_COLOURS = 10;
const FLAME_COLOURS = 8;

/** Reads the current tokens; call again when the theme changes. */
export function readTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    background: token('--bg'),
    text: token('--text'),
    textDim: token('--text-dim'),
    axis: token('--chart-axis'),
    grid: token('--chart-grid'),
    rule: token('--rule'),
    mark: token('--mark'),
    warning: token('--warning'),
    error: token('--error'),
    total: token('--text'),
    generations: [token('--chart-axis'), token('--text'), token('--warning')],
    processes: Array.from({ length: PROCESS_COLOURS }, (_, index) => token(`--process-${index}`)),
    accent: token('--accent'),
    selected: token('--bg-selected'),
    areas: [token('--area-outer'), token('--area-inner'), token('--area-hover')],
    flame: Array.from({ length: FLAME_COLOURS }, (_, index) => token(`--flame-${index}`)),
    match: token('--match'),
    // Browsers quote names of fonts with double quotes, and ECharts writes the font into an attribute as it is.
    font: token('--font').replaceAll('"', "'"),
  };
}

/** The CSS token of a process's colour, for HTML elements. */
export const processToken = (ordinal: number | null): string => (ordinal === null ? '--text' : `--process-${ordinal % PROCESS_COLOURS}`);

const GENERATION_TOKENS = ['--chart-axis', '--text', '--warning'] as const;

/** CSS colour of a line. */
export function lineToken(ordinal: number | null, generation: 0 | 1 | 2 | undefined): string {
  return generation === undefined ? processToken(ordinal) : GENERATION_TOKENS[generation];
}

/** Colour of a line on a canvas. */
export function lineColor(theme: ChartTheme, ordinal: number | null, generation: 0 | 1 | 2 | undefined): string {
  if (generation !== undefined) return theme.generations[generation];
  return ordinal === null ? theme.total : (theme.processes[ordinal % PROCESS_COLOURS] ?? theme.total);
}
