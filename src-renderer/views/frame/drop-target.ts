import { ref } from 'vue';
import type { Ref } from 'vue';

/** Handlers of a place where files may be dropped; `dragging` while one is held over it. */
export interface DropTarget {
  dragging: Ref<boolean>;
  handlers: Record<'dragenter' | 'dragover' | 'dragleave' | 'drop', (event: DragEvent) => void>;
}

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

export function useDropTarget(take: (files: File[]) => void): DropTarget {
  const dragging = ref(false);
  // Children emit enter and leave too: only the balance tells whether the pointer is still over the place.
  let depth = 0;
  const enter = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    depth += 1;
    dragging.value = true;
  };
  const leave = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    depth = Math.max(0, depth - 1);
    dragging.value = depth > 0;
  };
  const over = (event: DragEvent): void => {
    if (holdsFiles(event)) event.preventDefault();
  };
  const drop = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth = 0;
    dragging.value = false;
    // Read at once: the list is empty when the event is over.
    take([...(event.dataTransfer?.files ?? [])]);
  };
  return { dragging, handlers: { dragenter: enter, dragover: over, dragleave: leave, drop } };
}
