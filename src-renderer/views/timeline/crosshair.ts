import { computed } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { valueScale } from '../../charts/timeline-option.ts';
import type { Dot, Tip } from '../../components/timeline/shapes.ts';
import { useTimeline } from '../../stores/timeline.ts';
import { tipAt } from './hover.ts';
import type { Point } from './hover.ts';
import type { LanePicture } from './picture.ts';
import { lineCss, readLine } from './readings.ts';

interface Hovering {
  /** Height of the pointer from the top of the window; null: it is not over the lanes. */
  pointerY: Ref<number | null>;
  dragging: Ref<string | null>;
  timeAt: (clientX: number) => number;
}

/** The crosshair's readings on the lines, and the tooltip of what is under the pointer. */
export function useCrosshair(
  pictures: ComputedRef<LanePicture[]>,
  width: ComputedRef<number>,
  element: Readonly<Ref<HTMLElement | null>>,
  { pointerY, dragging, timeAt }: Hovering,
) {
  const timeline = useTimeline();
  const xOf = (time: number): number => ((time - timeline.view.from) / (timeline.view.to - timeline.view.from)) * width.value;

  const dots = computed<Dot[]>(() => {
    const { cursor } = timeline;
    if (cursor === null) return [];
    return pictures.value
      .filter(({ lane }) => lane.spec.kind === 'lines')
      .flatMap(({ lane, drawn, lines }) => {
        const y = valueScale(drawn);
        return lines.flatMap(({ line, parts }): Dot[] => {
          const reading = readLine(lane, parts, cursor);
          return reading
            ? [{ key: `${lane.spec.id} ${line.info.id}`, x: xOf(reading.t), y: y((reading.lo + reading.hi) / 2), color: lineCss(line) }]
            : [];
        });
      });
  });

  const tip = computed<Tip | null>(() => {
    if (timeline.cursor === null || pointerY.value === null || dragging.value !== null) return null;
    const top = element.value?.getBoundingClientRect().top ?? 0;
    return tipAt(pictures.value, { x: xOf(timeline.cursor), y: pointerY.value - top, t: timeline.cursor }, width.value);
  });

  function pointAt(event: PointerEvent): Point {
    const box = element.value?.getBoundingClientRect() ?? new DOMRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top, t: timeAt(event.clientX) };
  }

  return { dots, tip, pointAt };
}
