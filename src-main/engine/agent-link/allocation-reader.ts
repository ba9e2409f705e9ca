import { ProtocolViolation } from './frame-codec.ts';
import type { AllocationMessage } from './messages.ts';

/** What one agent may make us keep. Its own table of sites is much smaller. */
const LIMITS = {
  nodes: 1_000_000,
  strings: 1_000_000,
  characters: 5_000_000,
  /** Calls within each other: readers follow them. */
  depth: 1024,
  /** Rows of one epoch, over all its messages. */
  rows: 400_000,
};

type Limits = typeof LIMITS;

/**
 * The messages of one agent about sampled allocations, joined where they came in parts. An agent's word is a claim: each number that refers
 * to something has to refer to something that was sent. `take` throws `ProtocolViolation` otherwise.
 */
export class AllocationReader {
  readonly #limits: Limits;
  #epoch = 0;
  #strings = 0;
  #characters = 0;
  readonly #depths: number[] = [];
  #begun: AllocationMessage | null = null;

  constructor(limits: Partial<Limits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** The epoch, once its last part is here; null until then. */
  take(message: AllocationMessage): AllocationMessage | null {
    if (message.epoch !== this.#epoch) throw violation(`the epoch ${message.epoch} where ${this.#epoch} was due`);
    this.#checkStrings(message.strings);
    this.#checkNodes(message.nodes);
    this.#checkRows(message);
    const whole = this.#begun === null ? message : joined(this.#begun, message);
    if (whole.made.length + whole.freed.length > this.#limits.rows) throw violation('too many rows of one epoch');
    if (message.more === true) {
      this.#begun = whole;
      return null;
    }
    this.#begun = null;
    this.#epoch += 1;
    return whole;
  }

  #checkStrings(strings: readonly string[]): void {
    this.#strings += strings.length;
    for (const text of strings) this.#characters += text.length;
    if (this.#strings > this.#limits.strings || this.#characters > this.#limits.characters) throw violation('too many strings');
  }

  #checkNodes(nodes: AllocationMessage['nodes']): void {
    for (const [parent, name, file] of nodes) {
      if (parent >= this.#depths.length || name >= this.#strings || file >= this.#strings) throw violation('a node of something unsent');
      const depth = parent < 0 ? 0 : (this.#depths[parent] ?? 0) + 1;
      if (depth > this.#limits.depth) throw violation('a node that is too deep');
      if (this.#depths.push(depth) > this.#limits.nodes) throw violation('too many nodes');
    }
  }

  #checkRows({ made, freed, epoch }: AllocationMessage): void {
    const nodes = this.#depths.length;
    if (made.some(([node]) => node >= nodes) || freed.some(([node]) => node >= nodes)) throw violation('a row of an unsent node');
    if (freed.some(([, birth]) => birth > epoch)) throw violation('a block that is freed before it is made');
  }
}

function joined(before: AllocationMessage, last: AllocationMessage): AllocationMessage {
  for (const list of ['strings', 'nodes', 'made', 'freed'] as const) append(before[list], last[list]);
  return { ...last, strings: before.strings, nodes: before.nodes, made: before.made, freed: before.freed };
}

/** Without spreading: there may be more than the stack has room for. */
function append(to: unknown[], items: readonly unknown[]): void {
  for (const item of items) to.push(item);
}

function violation(what: string): ProtocolViolation {
  return new ProtocolViolation(`sampled allocations with ${what}`);
}
