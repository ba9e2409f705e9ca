import { computed } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { AXIS_WIDTH } from '../../../charts/timeline-option.ts';
import { useWidth } from '../use-box.ts';

/** Names, legends and tools, left of the plot. */
export const GUTTER = 208;
const LEAST_PLOT = 40;

export interface ChartLayout {
  /** Of gutter, plot and the labels of the value axes; 0: not mounted yet. */
  width: Ref<number>;
  /** Of the plot alone: the time axis has the same width. */
  plotWidth: ComputedRef<number>;
  /** The chart: the plot and the labels right of it. */
  plot: ComputedRef<{ width: number; left: number; right: number }>;
}

/** How the width of a chart over time is divided. */
export function useChartLayout(area: Readonly<Ref<HTMLElement | null>>): ChartLayout {
  const width = useWidth(area);
  const plotWidth = computed(() => Math.max(LEAST_PLOT, width.value - GUTTER - AXIS_WIDTH));
  const plot = computed(() => ({ width: plotWidth.value + AXIS_WIDTH, left: 0, right: plotWidth.value }));
  return { width, plotWidth, plot };
}
