/** The effects of a drag, given by the caller. */
export interface Drag {
  move: (event: PointerEvent) => void;
  /** The pointer was released. */
  end: (event: PointerEvent) => void;
  /** Escape was pressed, or the pointer was cancelled: the move is undone. */
  cancel: () => void;
}

/**
 * Follows the pressed pointer of `down` until it is released or the drag is cancelled. It listens on the window: the element may move in
 * the document during the drag, and the pointer may leave it.
 */
export function followDrag(down: PointerEvent, drag: Drag): void {
  const { body } = document;
  const ours = (run: (event: PointerEvent) => void) => (event: PointerEvent) => {
    if (event.pointerId === down.pointerId) run(event);
  };
  const move = ours(drag.move);
  const end = ours((event) => {
    stop();
    drag.end(event);
  });
  const taken = ours(cancel);

  function cancel(): void {
    stop();
    drag.cancel();
  }

  // Before any other listener: the key ends the drag and nothing else.
  function key(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    cancel();
  }

  function stop(): void {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', end);
    window.removeEventListener('pointercancel', taken);
    window.removeEventListener('keydown', key, true);
    body.style.removeProperty('user-select');
  }

  body.style.setProperty('user-select', 'none');
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', end);
  window.addEventListener('pointercancel', taken);
  window.addEventListener('keydown', key, true);
}
