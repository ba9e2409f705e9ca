/** Something that holds a resource until it is told to let go. Disposing twice does nothing. */
export interface Disposable {
  dispose(): void;
}

/** From now on `stack` disposes it. Throws ReferenceError where the stack has been disposed. */
export function hold<T extends Disposable>(stack: DisposableStack, held: T): T {
  return stack.adopt(held, () => held.dispose());
}
