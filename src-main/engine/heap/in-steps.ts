/**
 * Passes that can run step by step: generators that yield every few milliseconds, so that a thread can answer a call between two steps.
 * `finish` runs the rest at once.
 */
export type Steps<T> = Generator<void, T>;

/** How many nodes or edges make a step: some milliseconds. */
export const STEP = 1 << 17;

/** Runs to the end; `check` is called after each step and may throw. */
export function finish<T>(steps: Steps<T>, check: () => void = () => undefined): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    check();
  }
}
