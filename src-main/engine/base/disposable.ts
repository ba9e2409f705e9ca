/** Something that holds a resource until it is disposed. Disposing twice does nothing. */
export interface Disposable {
  dispose(): void;
}

/** From now on `stack` disposes it. Throws ReferenceError if the stack is already disposed. */
export function hold<T extends Disposable>(stack: DisposableStack, held: T): T {
  return stack.adopt(held, () => held.dispose());
}
