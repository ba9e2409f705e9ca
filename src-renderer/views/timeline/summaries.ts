import { onBeforeUnmount, ref, watch } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { extentOf, lastReading } from '../../charts/samples.ts';
import { laneName } from '../../components/timeline/words.ts';
import { t } from '../../format/i18n.ts';
import { metricValue } from '../../format/units.ts';
import { useTimeline } from '../../stores/timeline.ts';
import type { LanePicture } from './picture.ts';
import { lineName } from './readings.ts';

const SETTLED_MS = 400;

/**
 * A text alternative for each lane, by its id: updated once the view has come to rest, so that a pan costs nothing and is read out once.
 */
export function useSummaries(pictures: ComputedRef<LanePicture[]>): Ref<Record<string, string>> {
  const summaries = ref<Record<string, string>>({});
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    pictures,
    (now) => {
      clearTimeout(timer);
      timer = setTimeout(
        () => (summaries.value = Object.fromEntries(now.map((picture) => [picture.lane.spec.id, summaryOf(picture)]))),
        SETTLED_MS,
      );
    },
    { immediate: true },
  );
  onBeforeUnmount(() => clearTimeout(timer));
  return summaries;
}

function summaryOf({ lane, lines }: LanePicture): string {
  const { view } = useTimeline();
  const words = lines.flatMap(({ line, parts }) => {
    const extent = extentOf(parts);
    if (!extent) return [];
    const value = (one: number | null): string => metricValue(lane.spec.unit, one);
    const last = lastReading(parts, view.to)?.hi ?? null;
    return [t('timeline.lineSummary', { name: lineName(line, lane), min: value(extent.lo), max: value(extent.hi), last: value(last) })];
  });
  return t('timeline.laneSummary', { lane: laneName(lane.spec), lines: words.length > 0 ? words.join('; ') : t('timeline.noLines') });
}
