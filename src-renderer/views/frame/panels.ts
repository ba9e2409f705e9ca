import { computed, ref, watch } from 'vue';
import { isBetween, isBoolean, useLayout } from '../../stores/layout.ts';

export type PanelName = 'inspector' | 'console';

/** Initial size of a panel in per cent, and its limits. */
const FIRST: Record<PanelName, number> = { inspector: 24, console: 34 };
export const SMALLEST = 10;
export const LARGEST = 75;
/** Its figures need as many pixels, in both languages. */
export const NARROWEST_INSPECTOR = 280;

/** A window narrower than this has no room for an inspector beside the view: it is folded until it is asked for. */
const narrow = window.matchMedia('(width < 1000px)');
const isNarrow = ref(narrow.matches);
narrow.addEventListener('change', () => (isNarrow.value = narrow.matches));
/** Asked for in the narrow window; not kept. */
const unfolded = ref(false);
watch(isNarrow, () => (unfolded.value = false));
const folded = computed(() => isNarrow.value && !unfolded.value);

const wanted = (name: PanelName): boolean => useLayout().read(`panels.${name}.open`, isBoolean, true);

/** The two panels beside the view: open or not, and their size; stored. */
export const panels = {
  isOpen: (name: PanelName): boolean => wanted(name) && !(name === 'inspector' && folded.value),
  size: (name: PanelName): number => useLayout().read(`panels.${name}.size`, isBetween(SMALLEST, LARGEST), FIRST[name]),
  setOpen: (name: PanelName, open: boolean): void => {
    const folds = name === 'inspector' && isNarrow.value;
    if (folds) unfolded.value = open;
    if (open || !folds) useLayout().write(`panels.${name}.open`, open);
  },
  toggle: (name: PanelName): void => panels.setOpen(name, !panels.isOpen(name)),
  resize: (name: PanelName, size: number): void => {
    if (size >= SMALLEST && size <= LARGEST) useLayout().write(`panels.${name}.size`, Math.round(size * 10) / 10);
  },
};
