/** A slice leaves half a frame to the window. */
const SLICE_MS = 8;

const nextTask = (): Promise<void> =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(null);
  });

/** Runs a generator in slices between which the window can draw and handle input. null: cancelled. */
export async function inSlices<T>(steps: Generator<number, T>, signal: AbortSignal, progress: (done: number) => void): Promise<T | null> {
  for (;;) {
    const until = performance.now() + SLICE_MS;
    let step = steps.next();
    while (step.done !== true && performance.now() < until) step = steps.next();
    if (step.done === true) return step.value;
    progress(step.value);
    await nextTask();
    if (signal.aborted) return null;
  }
}
