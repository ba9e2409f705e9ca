import type { Action } from '../../stores/actions.ts';
import { useSelection } from '../../stores/selection.ts';
import { useTimeline } from '../../stores/timeline.ts';

export function clearRange(): void {
  useSelection().go({ range: null });
}

export function zoomToRange(): void {
  const timeline = useTimeline();
  if (timeline.range && timeline.range.to > timeline.range.from) timeline.show(timeline.range);
}

export interface PageActions {
  isDrawn: () => boolean;
  save: (format: 'png' | 'svg') => void;
  showTable: () => void;
}

/** Actions of the timeline alone, besides those of every chart over time. */
export function timelineActions({ isDrawn, save, showTable }: PageActions): Action[] {
  const timeline = useTimeline();
  const action = (id: string, label: string, shortcuts: string[], run: Action['run'], enabled: () => boolean): Action => ({
    id: `timeline.${id}`,
    group: 'view',
    label: `timeline.${label}`,
    shortcuts,
    enabled,
    run,
  });
  const hasRange = (): boolean => timeline.range !== null;
  return [
    action(
      'follow',
      'toolbar.follow',
      ['L'],
      () => timeline.follow(!timeline.following),
      () => timeline.live,
    ),
    action('zoom-range', 'range.zoom', [], zoomToRange, hasRange),
    action('clear-range', 'range.clear', ['Escape'], clearRange, hasRange),
    action('table', 'toolbar.table', [], showTable, isDrawn),
    action('svg', 'toolbar.saveSvg', [], () => save('svg'), isDrawn),
    action('png', 'toolbar.savePng', [], () => save('png'), isDrawn),
  ];
}
