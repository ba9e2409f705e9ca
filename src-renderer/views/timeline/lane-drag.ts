import { ref } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { followDrag } from '../../components/base/drag.ts';
import { useLanes } from '../../stores/timeline-lanes.ts';
import type { PlacedLane } from './lane-models.ts';

/** Reordering by a lane's handle and resizing by its bottom edge; both also work by keyboard, and Escape undoes them. */
export function useLaneDrag(shown: ComputedRef<PlacedLane[]>, area: Readonly<Ref<HTMLElement | null>>) {
  const lanes = useLanes();
  /** The lane that is being moved. */
  const moving = ref<string | null>(null);

  function grab(event: PointerEvent, id: string): void {
    if (event.button !== 0) return;
    const { order } = lanes.layout;
    moving.value = id;
    const move = (moved: PointerEvent): void => {
      const y = moved.clientY - (area.value?.getBoundingClientRect().top ?? 0);
      const target = shown.value.find((lane) => y >= lane.top && y < lane.top + lane.height);
      const own = shown.value.find((lane) => lane.spec.id === id);
      if (!target || !own || target === own || !pastMiddle(y, target, own)) return;
      lanes.move(
        shown.value.map((lane) => lane.spec.id),
        id,
        target.spec.id,
      );
    };
    followDrag(event, {
      move,
      end: () => (moving.value = null),
      cancel: () => {
        moving.value = null;
        lanes.change({ order });
      },
    });
  }

  function resize(event: PointerEvent, lane: PlacedLane): void {
    if (event.button !== 0) return;
    const { height, id } = lane;
    const startY = event.clientY;
    followDrag(event, {
      move: (moved) => lanes.setHeight(id, height + moved.clientY - startY),
      end: () => undefined,
      cancel: () => lanes.setHeight(id, height),
    });
  }

  return { moving, grab, resize };
}

/** Where the moved lane would be under the pointer after the move: otherwise two lanes of different heights would swap places endlessly. */
function pastMiddle(y: number, target: PlacedLane, own: PlacedLane): boolean {
  return target.top < own.top ? y < target.top + own.height : y > target.top + target.height - own.height;
}
