import { ref } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { useLanes } from '../../stores/timeline-lanes.ts';
import type { PlacedLane } from './lane-models.ts';

/** Reordering by a lane's handle and resizing by its bottom edge; both also work by keyboard. */
export function useLaneDrag(shown: ComputedRef<PlacedLane[]>, area: Readonly<Ref<HTMLElement | null>>) {
  const lanes = useLanes();
  /** The lane that is being moved. */
  const moving = ref<string | null>(null);

  function grab(event: PointerEvent, id: string): void {
    if (event.button !== 0) return;
    const handle = event.currentTarget as HTMLElement;
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
    track(handle, event.pointerId, move, () => (moving.value = null));
  }

  function resize(event: PointerEvent, lane: PlacedLane): void {
    if (event.button !== 0) return;
    const { height } = lane;
    const startY = event.clientY;
    track(
      event.currentTarget as HTMLElement,
      event.pointerId,
      (moved) => lanes.setHeight(lane.spec.id, height + moved.clientY - startY),
      () => undefined,
    );
  }

  return { moving, grab, resize };
}

/** Where the moved lane would stand under the pointer after the move: else two lanes of different heights trade places for ever. */
function pastMiddle(y: number, target: PlacedLane, own: PlacedLane): boolean {
  return target.top < own.top ? y < target.top + own.height : y > target.top + target.height - own.height;
}

/** Follows a pressed pointer until it is released; the element may be moved in the document meanwhile. */
function track(element: HTMLElement, pointer: number, move: (event: PointerEvent) => void, done: () => void): void {
  const onMove = (event: PointerEvent): void => {
    if (event.pointerId === pointer) move(event);
  };
  const end = (event: PointerEvent): void => {
    if (event.pointerId !== pointer) return;
    window.removeEventListener('pointermove', onMove);
    window.removeEventListener('pointerup', end);
    window.removeEventListener('pointercancel', end);
    element.ownerDocument.body.style.removeProperty('user-select');
    done();
  };
  element.ownerDocument.body.style.setProperty('user-select', 'none');
  window.addEventListener('pointermove', onMove);
  window.addEventListener('pointerup', end);
  window.addEventListener('pointercancel', end);
}
