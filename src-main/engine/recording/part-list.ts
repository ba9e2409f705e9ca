import type { Milliseconds, ProcessId } from '../../../src-preload/contract/index.ts';
import type { SessionPart } from './session-part.ts';

/** The calls that parts receive, each with its arguments. */
type Notices = Required<Pick<SessionPart, 'joined' | 'onMessage' | 'left' | 'tick' | 'marked' | 'processEnded'>>;

/** A failure in a part. */
export interface PartFailure {
  part: string;
  call: string;
  thrown: unknown;
}

/**
 * The parts of one recording, called in order; a failing part cannot keep the recording or another part from its work. Of the errors a part
 * throws in the same call only the first is reported: a tick comes ten times a second.
 */
export class PartList {
  readonly #parts: readonly SessionPart[];
  readonly #report: (failure: PartFailure) => void;
  readonly #ended = new Set<SessionPart>();
  readonly #reported = new Set<string>();

  constructor(parts: readonly SessionPart[], report: (failure: PartFailure) => void) {
    this.#parts = parts;
    this.#report = report;
  }

  /** The part of this class. The recordings of one engine all have the same parts, so a missing one is a defect. */
  get<T extends SessionPart>(kind: abstract new (...args: never[]) => T): T {
    for (const part of this.#parts) if (part instanceof kind) return part;
    throw new Error(`a recording has no part ${kind.name}`);
  }

  notify<N extends keyof Notices>(call: N, ...args: Parameters<Notices[N]>): void {
    for (const part of this.#parts) {
      const receive = part[call] as ((...args: Parameters<Notices[N]>) => void) | undefined;
      if (!this.#ended.has(part)) this.#attempt(part, call, () => receive?.apply(part, args));
    }
  }

  /** Whether a part currently pauses the process. */
  isBusy(process: ProcessId): boolean {
    return this.#parts.some((part) => !this.#ended.has(part) && this.#attempt(part, 'isBusy', () => part.isBusy?.(process)) === true);
  }

  /** Settles when all parts have ended, or after `patience`; never rejects. */
  async end(patience: Milliseconds): Promise<void> {
    await Promise.all(this.#parts.map((part) => this.#endOne(part, patience)));
  }

  async #endOne(part: SessionPart, patience: Milliseconds): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`has not ended within ${patience} ms`)), patience);
    });
    try {
      await Promise.race([part.end?.(), tooLate]);
    } catch (thrown) {
      this.#failed(part, 'end', thrown);
    } finally {
      clearTimeout(timer);
      this.#ended.add(part);
    }
  }

  #attempt<T>(part: SessionPart, call: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (thrown) {
      this.#failed(part, call, thrown);
      return undefined;
    }
  }

  #failed({ name }: SessionPart, call: string, thrown: unknown): void {
    const key = `${name}.${call}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.#report({ part: name, call, thrown });
  }
}
