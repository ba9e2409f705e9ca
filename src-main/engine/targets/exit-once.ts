import { constants } from 'node:os';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { TargetExit } from './target.ts';

/** The end of a program: reported once, and immediately to listeners added later. */
export class ExitOnce {
  readonly #emitter = new Emitter<TargetExit>();
  #exit: TargetExit | null = null;

  get ended(): boolean {
    return this.#exit !== null;
  }

  onExit(listener: (exit: TargetExit) => void): Disposable {
    if (this.#exit === null) return this.#emitter.on(listener);
    const exit = this.#exit;
    let wanted = true;
    queueMicrotask(() => wanted && listener(exit));
    return { dispose: () => void (wanted = false) };
  }

  end(exit: TargetExit): void {
    if (this.#exit !== null) return;
    this.#exit = exit;
    this.#emitter.emit(exit);
  }
}

/** "SIGTERM" for 15; null where the system has no such signal. */
export function signalName(number: number): string | null {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? null;
}
