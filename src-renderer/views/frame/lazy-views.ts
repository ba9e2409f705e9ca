import { defineAsyncComponent } from 'vue';
import type { Component } from 'vue';
import ViewMissing from './ViewMissing.vue';
import ViewWaiting from './ViewWaiting.vue';

/** A view that loads faster than this is shown without a placeholder. */
const QUIET_MS = 250;

/** A part of the window that is loaded when it is first shown: other pages need not wait for its libraries (charts, terminal). */
const lazy = (load: () => Promise<{ default: unknown }>): Component =>
  defineAsyncComponent({
    // Outside the Vue compiler's view a component is of no known type.
    loader: async () => (await load()).default as Component,
    loadingComponent: ViewWaiting as Component,
    errorComponent: ViewMissing as Component,
    delay: QUIET_MS,
  });

export const AllocationsView = lazy(() => import('../allocations/AllocationsView.vue'));
export const CompareView = lazy(() => import('../compare/CompareView.vue'));
export const ConsolePanel = lazy(() => import('../console/ConsolePanel.vue'));
export const HeapView = lazy(() => import('../heap/HeapView.vue'));
export const RunsView = lazy(() => import('../runs/RunsView.vue'));
export const SessionsView = lazy(() => import('../sessions/SessionsView.vue'));
export const TimelineView = lazy(() => import('../timeline/TimelineView.vue'));

export const AllocationsInspector = lazy(() => import('../allocations/AllocationsInspector.vue'));
export const CompareInspector = lazy(() => import('../compare/CompareInspector.vue'));
export const HeapInspector = lazy(() => import('../heap/inspector/HeapInspector.vue'));
export const RangeInspector = lazy(() => import('../timeline/RangeInspector.vue'));
